import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { paths } from './folder.ts'
import { leaderOfMachine, runIn } from './machine.ts'

// Session Manager of the rehearsal: what the AWS CLI would do with `ssm` and these arguments, to the machines of the site.
const args = process.argv.slice(2)
const option = (name: string) => args[args.indexOf(`--${name}`) + 1] ?? ''
const invocations = join(paths.folder, 'invocations')

const sessionManager: Record<string, () => Promise<void>> = {
  'send-command': sendCommand,
  'get-command-invocation': showInvocation,
  'start-session': forwardPort,
}

const [, action = ''] = args
await sessionManager[action]?.()

async function sendCommand(): Promise<void> {
  const { commands } = JSON.parse(option('parameters')) as { commands: string[] }
  const leader = await leaderOfMachine(option('instance-ids'))
  // As AWS-RunShellScript does: on Debian that is dash, which knows less than bash.
  const { code, stdout, stderr } = await runIn(leader, commands.join('\n'), true, 'sh')
  const CommandId = randomUUID()
  await mkdir(invocations, { recursive: true })
  const invocation = {
    Status: code === 0 ? 'Success' : 'Failed',
    StandardOutputContent: stdout,
    StandardErrorContent: stderr,
  }
  await writeFile(join(invocations, CommandId), JSON.stringify(invocation))
  console.log(JSON.stringify({ Command: { CommandId } }))
}

async function showInvocation(): Promise<void> {
  console.log(await readFile(join(invocations, option('command-id')), 'utf8'))
}

/** A port of this machine leads to one of the machine's own, as AWS-StartPortForwardingSession does it. */
async function forwardPort(): Promise<void> {
  const [, port, localPort] =
    /^portNumber=(\d+),localPortNumber=(\d+)$/.exec(option('parameters')) ?? []
  const leader = await leaderOfMachine(option('target'))
  const inside = `const s = require('net').connect(${port}, '127.0.0.1'); process.stdin.pipe(s).pipe(process.stdout)`
  const server = createServer((socket) => {
    const end = spawn('nsenter', ['--target', leader, '--net', process.execPath, '-e', inside])
    socket.pipe(end.stdin).on('error', () => socket.destroy())
    end.stdout.pipe(socket).on('error', () => end.kill())
    socket.on('close', () => end.kill())
  })
  server.listen(Number(localPort), '127.0.0.1')
  await once(server, 'close')
}
