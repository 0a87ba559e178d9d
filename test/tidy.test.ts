import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'

const linesMax = 250
const rooms = ['handlers', 'lib', 'etl', 'deploy', 'loadtest', 'test']

/** What each room may import of ours; the entry files at the top may import any room but test. */
const mayImport: Record<string, readonly string[]> = {
  lib: ['lib'],
  handlers: ['handlers', 'lib'],
  etl: ['etl'],
  deploy: ['deploy', 'lib', 'etl'],
  loadtest: ['loadtest'],
  test: rooms,
}

const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((path) => path !== '' && existsSync(path))
const sources = tracked.filter((path) => path.endsWith('.ts') || path.endsWith('.mjs'))

describe('the house', () => {
  it('has no other rooms at the top', () => {
    const folders = new Set(
      tracked.filter((path) => path.includes('/')).map((path) => roomOf(path)),
    )

    expect([...folders].toSorted()).toEqual(['.ci', 'decisions', ...rooms].toSorted())
  })

  it('imports only in the directions of ARCHITECTURE.md', () => {
    const wrong = sources.flatMap((path) =>
      relativeImports(path)
        .filter((target) => !allowed(path, target))
        .map((target) => `${path} imports ${target}`),
    )

    expect(wrong).toEqual([])
  })

  it('keeps handlers apart from each other, from the driver and from the cache', () => {
    const wrong = sources
      .filter((path) => roomOf(path) === 'handlers')
      .flatMap((path) => [
        ...relativeImports(path).filter((target) => roomOf(target) === 'handlers'),
        ...packageImports(path).filter((name) => name === 'pg' || name === 'lru-cache'),
      ])

    expect(wrong).toEqual([])
  })

  it(`has no source file over ${linesMax} lines`, () => {
    const long = sources
      .map((path) => ({ path, lines: readFileSync(path, 'utf8').split('\n').length - 1 }))
      .filter(({ lines }) => lines > linesMax)

    expect(long).toEqual([])
  })

  it('reads the environment only in entry files and test set-up', () => {
    const readers = sources.filter(
      (path) =>
        !isEntry(path) &&
        !['test', 'deploy', 'loadtest'].includes(roomOf(path)) &&
        readFileSync(path, 'utf8').includes('process.env'),
    )

    expect(readers).toEqual([])
  })

  it('has no barrels and no drawers for everything', () => {
    const names = sources.filter((path) => /(^|\/)(index|utils|helpers|types)\.ts$/.test(path))

    expect(names).toEqual([])
  })

  it('has every file that ARCHITECTURE.md, CONTRIBUTING.md and README.md name', () => {
    const missing = ['ARCHITECTURE.md', 'CONTRIBUTING.md', 'README.md'].flatMap((document) =>
      namedFiles(document)
        .filter((path) => !existsSync(path))
        .map((path) => `${document}: ${path}`),
    )

    expect(missing).toEqual([])
  })
})

const roomOf = (path: string): string => (path.includes('/') ? (path.split('/')[0] ?? '') : '')

const isEntry = (path: string): boolean => roomOf(path) === '' || path === 'etl/cli.ts'

function allowed(path: string, target: string): boolean {
  const room = roomOf(path)
  if (room === '') return roomOf(target) !== 'test'
  if (roomOf(target) === '') return room === 'test'
  return mayImport[room]?.includes(roomOf(target)) ?? false
}

function relativeImports(path: string): string[] {
  return imports(path)
    .filter((name) => name.startsWith('.'))
    .map((name) => normalize(join(dirname(path), name)))
}

function packageImports(path: string): string[] {
  return imports(path).filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
}

function imports(path: string): string[] {
  const text = readFileSync(path, 'utf8')
  return [...text.matchAll(/^\s*(?:import|export)[^'"`;]*?from '([^']+)'/gm)].map(
    ([, name]) => name ?? '',
  )
}

/** Paths in backticks that end like a file of ours; patterns and folders made at run time are not files. */
function namedFiles(document: string): string[] {
  return [
    ...readFileSync(document, 'utf8').matchAll(/`([\w./-]+\.(?:ts|mjs|sql|md|sh|json|yaml))`/g),
  ]
    .map(([, path]) => path ?? '')
    .filter((path) => path.includes('/') || /^(app|server|dev)\.ts$|\.md$|^build\.mjs$/.test(path))
    .filter((path) => !/^(dist|\.data|rejects)\//.test(path))
}
