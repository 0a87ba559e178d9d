import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Aws, awsArguments } from './aws.ts'
import { bucketOf } from './bucket.ts'
import { awsFor, type CommonOptions, deployCommand, runCommand } from './command.ts'
import { instanceOf, primaryNode } from './database-node.ts'
import { runOn } from './remote.ts'

interface PushOptions extends CommonOptions {
  readonly csv?: string
  readonly localPort: string
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const openSecondsMax = 30
/** A million products take some minutes to import on the primary; an hour means that it hangs. */
const importSecondsMax = 3600

const command = deployCommand(
  'push-catalogue',
  `Publishes a catalogue in the stack: the live release of the PostgreSQL at DATABASE_URL, copied by the ETL's push through
Session Manager's port forwarding; or, with --csv, six CSV files, imported on the primary itself.`,
)
  .option(
    '--csv <folder>',
    'the six CSV files; they go to the bucket, where the nightly refresh looks as well',
  )
  .option('--local-port <port>', 'of the forwarding', '15432')
  .action(pushCatalogue)

async function pushCatalogue(options: PushOptions): Promise<void> {
  const { stack, csv } = options
  const aws = awsFor(options)
  const primary = await instanceOf(aws, stack, await primaryNode(aws, stack))
  await (csv === undefined
    ? pushRelease(aws, stack, primary.id, Number(options.localPort))
    : importFiles(aws, stack, primary.id, csv))
}

async function importFiles(aws: Aws, stack: string, primary: string, csv: string) {
  const bucket = await bucketOf(aws, stack)
  await aws.change(['s3', 'sync', csv, `s3://${bucket}/catalogue/`], {
    onlyShowErrors: true,
    delete: true,
  })
  const said = await runOn(
    aws,
    primary,
    '/opt/product-overview/current/deploy/postgres/refresh-now',
    importSecondsMax,
  )
  console.log(said)
}

async function pushRelease(aws: Aws, stack: string, primary: string, port: number): Promise<void> {
  const password = await aws.read(['secretsmanager', 'get-secret-value'], {
    secretId: `${stack}/postgres/loader`,
    query: 'SecretString',
  })
  if (aws.dryRun) return console.log(`would run: etl push through ${primary}, local port ${port}`)
  const forwarding = spawn(
    'aws',
    awsArguments(['ssm', 'start-session'], {
      target: primary,
      documentName: 'AWS-StartPortForwardingSession',
      parameters: `portNumber=5432,localPortNumber=${port}`,
    }),
    // A group of its own: the CLI leaves its plugin, which holds the port, behind when it alone is ended.
    { stdio: ['ignore', 'ignore', 'inherit'], detached: true },
  )
  // The ETL gets Ctrl-C from the terminal as well and cleans up; then its end is ours.
  process.on('SIGINT', () => undefined)
  try {
    await untilOpen(port)
    await push(`postgres://loader:${String(password)}@127.0.0.1:${port}/catalog`)
  } finally {
    endGroup(forwarding)
  }
}

/** Ends a detached process and what it started; it may be over already. */
function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

async function untilOpen(port: number): Promise<void> {
  for (let second = 0; second < openSecondsMax; second += 1) {
    const socket = connect(port, '127.0.0.1')
    const open = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (open) return
    await sleep(1000)
  }
  throw new Error(`Session Manager opened no port ${port} within ${openSecondsMax} s`)
}

async function push(target: string): Promise<void> {
  const etl = spawn('npm', ['run', '--silent', 'etl', '--', 'push', target], {
    cwd: root,
    stdio: 'inherit',
  })
  const [code] = (await once(etl, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`etl push ended with ${code}`)
}

await runCommand(command)
