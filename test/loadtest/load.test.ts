import { spawnSync } from 'node:child_process'

import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'

import { loadProgram } from '../../loadtest/runner/program.ts'
import { scenarios } from '../../loadtest/runner/scenarios.ts'

/** What it says and that it ends with an error, as `npm run load` does; only one real start, which takes a second. */
async function refusalOf(args: string[]): Promise<string> {
  let output = ''
  const program = loadProgram(AbortSignal.abort())
  const writeErr = (text: string) => {
    output += text
  }
  const watch = (command: Command) => command.exitOverride().configureOutput({ writeErr })
  for (const command of [program, ...program.commands]) watch(command)
  const error: unknown = await program.parseAsync(args, { from: 'user' }).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(Error)
  return `${output}${String(error)}`
}

describe('npm run load', () => {
  it('lists every scenario and the sizing', () => {
    const { status, stdout } = spawnSync(
      process.execPath,
      ['--import', 'tsx', 'loadtest/load.ts', '--help'],
      { encoding: 'utf8' },
    )

    expect(status).toBe(0)
    for (const { name } of scenarios) expect(stdout).toMatch(new RegExp(`^ +${name} `, 'm'))
    expect(stdout).toMatch(/^ +size /m)
  })

  it.each([
    ['spyke', "unknown command 'spyke'"],
    ['spike --rate fast', 'Expected a number of 0 or more'],
    ['spike --duration 20', 'Expected a duration like 90s'],
    ['spike --checked 5', 'Expected a share from 0 to 1'],
    ['spike --products 0', 'Expected a positive whole number'],
    ['spike --cores 4096', "'4096' is invalid. Expected at most"],
    ['headline --rate 10', "unknown option '--rate'"],
    ['size', "required option '--rps <n>' not specified"],
    ['smoke --k6 /nowhere/k6', 'brew install k6'],
  ])('refuses %s, and says what it expected', async (args, message) => {
    expect(await refusalOf(args.split(' '))).toContain(message)
  })
})
