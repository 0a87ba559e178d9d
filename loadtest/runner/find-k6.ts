import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const majorMin = 2

export interface K6 {
  readonly path: string
  /** As `k6 version` says it: "v2.2.0". */
  readonly version: string
}

/** No k6 of a fitting version on this machine; the message says how to get one. */
export class K6Missing extends Error {}

/** Where `npm run k6:install` builds it. */
const builtK6 = fileURLToPath(new URL('../k6/bin/k6', import.meta.url))

/**
 * Finds k6: the given path, else the one that `npm run k6:install` built, else the one on PATH. Throws
 * K6Missing when none of them is version 2 or later, which runs TypeScript as it is.
 */
export function findK6(given?: string): K6 {
  const candidates = given === undefined ? [builtK6, 'k6'] : [given]
  const found = candidates.flatMap((path) => versionOf(path) ?? [])
  const fitting = found.find(({ version }) => majorOf(version) >= majorMin)
  if (fitting !== undefined) return fitting
  throw new K6Missing(howToGet(candidates, found[0]))
}

function versionOf(path: string): K6 | undefined {
  const { stdout } = spawnSync(path, ['version'], { encoding: 'utf8', timeout: 10_000 })
  const version = /\bv\d+\.\d+\.\d+/.exec(stdout ?? '')?.[0]
  return version === undefined ? undefined : { path, version }
}

function majorOf(version: string): number {
  return Number(/^v(\d+)/.exec(version)?.[1])
}

function howToGet(candidates: string[], found: K6 | undefined): string {
  const came = found === undefined ? 'found none' : `found ${found.version} at ${found.path}`
  const lines = [`Expected k6 v${majorMin} or later as ${candidates.join(' or ')}, ${came}.`]
  if (hasGo()) {
    lines.push('Go is on this machine, which can build the pinned version (a minute, once):')
    lines.push('  npm run k6:install')
    lines.push('Or get it from:')
  } else lines.push('Get it from:')
  lines.push('  macOS           brew install k6')
  lines.push('  Debian, Ubuntu  sudo apt-get install k6, once its repository is added:')
  lines.push('                  https://grafana.com/docs/k6/latest/set-up/install-k6/#debianubuntu')
  lines.push('  docker (Linux)  mkdir -p loadtest/k6/bin')
  lines.push(
    '                  docker cp $(docker create grafana/k6:2.2.0):/usr/bin/k6 loadtest/k6/bin/',
  )
  return lines.join('\n')
}

function hasGo(): boolean {
  return spawnSync('go', ['version'], { timeout: 10_000 }).status === 0
}
