import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { CommanderError, type Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { createProgram } from '../../etl/program.ts'

const names = ['generate', 'import', 'releases', 'publish', 'rollback', 'drop', 'diff', 'push']

/** Parses a command line in this process; gives the exit code and what was said instead of ending it. */
async function parse(...args: string[]): Promise<{ code: number; said: string }> {
  let said = ''
  const program = createProgram()
  for (const command of [program, ...program.commands]) quiet(command, (part) => (said += part))
  try {
    await program.parseAsync(['--database', '', ...args], { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) return { code: error.exitCode, said }
    return { code: 1, said: (error as Error).message }
  }
  return { code: 0, said }
}

function quiet(command: Command, say: (text: string) => void): void {
  command.exitOverride().configureOutput({ writeOut: say, writeErr: say })
}

describe('the command line of the ETL', () => {
  it('lists its commands', async () => {
    const { code, said } = await parse('--help')

    expect(code).toBe(0)
    for (const name of names) expect(said).toContain(`  ${name} `)
  })

  it.each(names)('%s explains itself', async (name) => {
    const { code, said } = await parse(name, '--help')

    expect(code).toBe(0)
    expect(said).toContain(`Usage: etl ${name}`)
  })

  it.each([
    [['nonsense'], /unknown command 'nonsense'/],
    [['import'], /missing required argument 'dir'/],
    [['import', '/tmp', '--jobs', 'many'], /Expected a whole number from 1 to 64/],
    [['import', '/tmp', '--max-shrink', '101'], /Expected a number from 0 to 100/],
    [
      ['import', '/tmp', '--patch', '--dry-run'],
      /'--patch' cannot be used with option '--dry-run'/,
    ],
    [['import', '/tmp', '--patch', '--no-publish'], /cannot be used with option '--no-publish'/],
    [['import', '/tmp', '--patch', '--max-rejected=1'], /cannot be used with .*'--max-rejected/],
    [['publish', '0'], /Expected a whole number from 1 to 2147483647/],
    [['generate', '--out', '/tmp/x', '--products', '1000012'], /from 1 to 1000011/],
    [['releases'], /DATABASE_URL is not set/],
    [
      ['import', '/nowhere', '--database', 'postgres://127.0.0.1/x'],
      /\/nowhere: there is no such folder/,
    ],
    [
      ['releases', '--database', 'postgres://u:secret@127.0.0.1:1/x'],
      /u:\*\*\*@127\.0\.0\.1:1\/x does not answer/,
    ],
    [
      ['releases', '--database', 'mysql://u:secret@127.0.0.1/x'],
      /expected postgres:\/\/.*, came mysql:\/\/u:\*\*\*@127/,
    ],
    [['releases', '--database', 'nonsense'], /expected postgres:\/\/.*, came \(not a URL\)/],
  ])('%j is refused with the reason', async (args, message) => {
    const { code, said } = await parse(...args)

    expect(said).toMatch(message)
    expect(code).toBe(1)
  })

  it('ends with a failing exit code and no stack', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'etl/cli.ts', 'releases'], {
      env: { ...process.env, DATABASE_URL: '' },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])

    expect(code).toBe(1)
    expect(said).toMatch(/^etl: DATABASE_URL is not set/)
    expect(said).not.toMatch(/\n\s+at /)
  })
})
