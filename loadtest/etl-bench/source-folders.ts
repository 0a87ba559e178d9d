import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { runToEnd } from '../bench/run-to-end.ts'
import type { EtlBenchOptions } from './options.ts'

/** The two editions of one catalogue: they hold the same once they are loaded. */
export interface SourceFolders {
  /** With every kind of damage; what the import reads. */
  readonly damaged: string
  /** Without any: a plain COPY ends at the first row that is not right. */
  readonly plain: string
}

/** Names of the files, in the order in which a plain copy takes them. */
export const fileNames = ['product', 'styles', 'features', 'photos', 'skus', 'related'] as const
export type FileName = (typeof fileNames)[number]

const cacheDir = join('.data', 'etl-bench')
const seed = 1

/** Generates a catalogue of that size in both editions, or finds those of an earlier run. */
export const openFolders = async (products: number): Promise<SourceFolders> => ({
  damaged: await generated({ products, seed, damage: 1 }),
  plain: await generated({ products, seed, damage: 0 }),
})

/** The folders that the options name; the undamaged twin of a generated one is generated too. */
export const givenFolders = async ({
  dir = '',
  plainDir,
}: EtlBenchOptions): Promise<SourceFolders> => {
  if (plainDir !== undefined) return { damaged: dir, plain: plainDir }
  const identity = readManifest(dir)
  return {
    damaged: dir,
    plain: identity === undefined ? dir : await generated({ ...identity, damage: 0 }),
  }
}

interface Identity {
  readonly products: number
  readonly seed: number
  readonly damage: number
}

const generated = async (identity: Identity): Promise<string> => {
  const { products, damage } = identity
  const dir = join(cacheDir, `${products}-${identity.seed}-${damage === 0 ? 'plain' : 'damaged'}`)
  // It is written last: a folder without it is of a run that was interrupted.
  if (readManifest(dir) !== undefined) return dir
  const flags = [`--products=${products}`, `--seed=${identity.seed}`, `--damage=${damage}`]
  await runToEnd(process.execPath, ['dist/etl.js', 'generate', ...flags, `--out=${dir}`])
  return dir
}

const readManifest = (dir: string): Identity | undefined => {
  const path = join(dir, 'manifest.json')
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Identity) : undefined
}

/** The bytes of one file. */
export const bytesOf = (dir: string, name: FileName): number =>
  statSync(join(dir, `${name}.csv`)).size
