import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const lines = ['deploy/postgres', 'deploy/instance']
  .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
  .flatMap((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .map((line) => `${path}: ${line.trim()}`),
  )

/** Every user of a machine can read the command lines of all its processes. */
describe('what a node does with its secrets', () => {
  it('asks for each in an assignment, where one that is not answered ends the script', () => {
    const asking = lines.filter((line) => line.includes('$(secret '))
    const assignment = /: [A-Z_]+=\S*\$\(secret "\$[A-Z_]+"\)\S*$/

    expect(asking.length).toBeGreaterThan(0)
    expect(asking.filter((line) => !assignment.test(line))).toEqual([])
  })

  it('hands no password to a program in its arguments', () => {
    const using = lines.filter((line) => /\$\{?[A-Z]+_PASSWORD/.test(line))
    // An echo is the shell's own.
    const harmless = /: (?:[A-Z_]+=\S*|echo "\S*" >> "\$passfile")$/

    expect(using.length).toBeGreaterThan(0)
    expect(using.filter((line) => !harmless.test(line))).toEqual([])
  })
})
