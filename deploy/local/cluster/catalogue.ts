import { createHash } from 'node:crypto'
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type PublishedRelease, publishedRelease } from '../published-release.ts'
import { LocalError } from '../local-error.ts'
import type { SampleOptions } from '../sample-catalogue.ts'

/** The dirt of the sample is meant, and another size is asked for, not lost. */
const gates = { rejectedShareMax: 1, orphanShareMax: 1, shrinkShareMax: 1 }

/**
 * Sees to it that a catalogue made of `products` is live: the one that a former start imported, else a new one. Beside the
 * database it is noted what was asked for and what tables were made, because a newer version may make them otherwise.
 */
export const ensureCatalogue = async (
  options: Omit<SampleOptions, 'gates'>,
): Promise<PublishedRelease> => {
  const noteFile = join(options.dir, 'catalogue.json')
  const note = JSON.stringify({ products: options.products, tables: await tablesDigest() })
  const before = await publishedRelease(options.databaseUrl)
  const noted = await readFile(noteFile, 'utf8').catch(() => undefined)
  if (before !== undefined && noted === note) return before
  // Loaded only when needed: CSV parsers and progress bars would cost every later start 100 ms.
  const { publishSample } = await import('../sample-catalogue.ts')
  await publishSample({ ...options, gates })
  const after = await publishedRelease(options.databaseUrl)
  if (after === undefined) throw new LocalError('the catalogue was published, and is gone')
  await writeFile(noteFile, note)
  return after
}

const tablesDigest = async () => {
  const dir = new URL('../../../etl/', import.meta.url)
  const names = (await readdir(dir)).filter((name) => name.endsWith('.sql')).toSorted()
  const digest = createHash('sha256')
  for (const name of names) digest.update(await readFile(new URL(name, dir)))
  return digest.digest('hex')
}
