import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'

const commands = ['generate', 'import', 'releases', 'publish', 'rollback', 'drop', 'diff', 'push']

/** Runs the command line as a user does, with no database to be found. */
async function etl(...args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'etl/cli.ts', ...args], {
    env: { ...process.env, DATABASE_URL: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code, out, err }
}

describe('the command line of the ETL', () => {
  it('lists its commands', async () => {
    const { code, out } = await etl('--help')

    expect(code).toBe(0)
    for (const command of commands) expect(out).toContain(`  ${command} `)
  })

  it.concurrent.each(commands)('%s explains itself', async (command) => {
    const { code, out } = await etl(command, '--help')

    expect(code).toBe(0)
    expect(out).toContain(`Usage: etl ${command}`)
  })

  it.concurrent.each([
    [['nonsense'], /unknown command 'nonsense'/],
    [['import'], /missing required argument 'dir'/],
    [['import', '/tmp', '--jobs', 'many'], /Expected a whole number from 1 to 64/],
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
  ])('%j is refused with the reason and a failing exit code', async (args, message) => {
    const { code, err } = await etl(...args)

    expect(err).toMatch(message)
    expect(err).not.toMatch(/\n\s+at /)
    expect(code).toBe(1)
  })
})
