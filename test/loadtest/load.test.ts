import { spawnSync } from 'node:child_process'

import { describe, expect, it } from 'vitest'

import { scenarios } from '../../loadtest/runner/scenarios.ts'

function load(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'loadtest/load.ts', ...args],
    { encoding: 'utf8' },
  )
  return { status, output: stdout + stderr }
}

describe('npm run load', () => {
  it('lists every scenario and the sizing', () => {
    const { status, output } = load('--help')

    expect(status).toBe(0)
    for (const { name } of scenarios) expect(output).toMatch(new RegExp(`^ +${name} `, 'm'))
    expect(output).toMatch(/^ +size /m)
  })

  it('refuses what it cannot understand, and says what it expected', () => {
    const wrong: [string[], string][] = [
      [['spyke'], "unknown command 'spyke'"],
      [['spike', '--rate', 'fast'], 'Expected a number of 0 or more'],
      [['spike', '--duration', '20'], 'Expected a duration like 90s'],
      [['spike', '--checked', '5'], 'Expected a share from 0 to 1'],
      [['spike', '--products', '0'], 'Expected a positive whole number'],
      [['headline', '--rate', '10'], "unknown option '--rate'"],
      [['size'], "required option '--rps <n>' not specified"],
      [['smoke', '--k6', '/nowhere/k6'], 'brew install k6'],
    ]
    for (const [args, message] of wrong) {
      const { status, output } = load(...args)

      expect(output).toContain(message)
      expect(status).not.toBe(0)
    }
  }, 60_000)
})
