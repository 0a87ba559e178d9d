import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type PublishedRelease, publishedRelease } from '../published-release.ts'
import { LocalError } from '../local-error.ts'
import type { SampleOptions } from '../sample-catalogue.ts'

/** The dirt of the sample is meant, and another size is asked for, not lost. */
const gates = { rejectedShareMax: 1, orphanShareMax: 1, shrinkShareMax: 1 }

/**
 * Sees to it that a catalogue made of `products` is live: the one that a former start imported, else a new one. Beside the
 * database it is noted how many were asked for, because of those some are rejected.
 */
export const ensureCatalogue = async (
  options: Omit<SampleOptions, 'gates'>,
): Promise<PublishedRelease> => {
  const noteFile = join(options.dir, 'catalogue.json')
  const before = await publishedRelease(options.databaseUrl)
  if (before !== undefined && (await productsNoted(noteFile)) === options.products) return before
  // Loaded only when needed: CSV parsers and progress bars would cost every later start 100 ms.
  const { publishSample } = await import('../sample-catalogue.ts')
  await publishSample({ ...options, gates })
  const after = await publishedRelease(options.databaseUrl)
  if (after === undefined) throw new LocalError('the catalogue was published, and is gone')
  await writeFile(noteFile, JSON.stringify({ products: options.products }))
  return after
}

const productsNoted = async (file: string) => {
  const note = await readFile(file, 'utf8').catch(() => '{}')
  return (JSON.parse(note) as { products?: number }).products
}
