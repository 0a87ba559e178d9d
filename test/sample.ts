import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inject } from 'vitest'
import type { Manifest } from '../etl/generate-manifest.ts'

/** The sample of every run: small enough to import in a second, with every kind of damage. */
export const sample = { products: 300, seed: 1 } as const

/** The folder of the sample's six files and its manifest; nobody may write there. */
const sampleDir = () => inject('sampleDir')

/** What was planted in the sample, and what its import counts. */
export const readSampleManifest = async () =>
  JSON.parse(await readFile(join(sampleDir(), 'manifest.json'), 'utf8')) as Manifest
