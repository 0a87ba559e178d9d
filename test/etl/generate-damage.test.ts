import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { damageCases } from '../../etl/generate-damage.ts'
import type { Manifest } from '../../etl/generate-manifest.ts'
import { generateCatalogue } from '../../etl/generate.ts'
import { sourceFiles } from '../../etl/source-files.ts'
import { readCatalogue, type Reading } from './generate-reading.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'generate-damage-'))
})
afterAll(() => rm(root, { recursive: true }))

async function generated(
  products: number,
  seed: number,
  damage: 'usual' | 'none' | number = 'usual',
): Promise<{ manifest: Manifest; read: () => Reading }> {
  const outDir = join(root, `${products}-${seed}-${damage}`)
  const manifest = await generateCatalogue({ products, seed, outDir, damage })
  return { manifest, read: () => readCatalogue(outDir) }
}

describe('planted damage', () => {
  it.each([1, 2, 3])(
    'comes in every kind in a catalogue of 100 products (seed %i)',
    async (seed) => {
      const { manifest } = await generated(100, seed)
      const kinds = [...damageCases.values()].flat().flatMap(({ forms }) => forms)

      const planted = new Set(manifest.damages.map(({ damage }) => damage))
      expect(kinds.map(({ damage }) => damage).filter((damage) => !planted.has(damage))).toEqual([])
    },
  )

  it('comes for every reason, a handful of each', async () => {
    const { manifest } = await generated(100, 4)

    const byReason: Record<string, number> = {}
    for (const { outcome, reason } of manifest.damages) {
      const key = reason === '' ? outcome : reason
      byReason[key] = (byReason[key] ?? 0) + 1
    }
    const few = Object.entries(byReason).filter(
      ([reason, n]) => n < (reason === 'too long' ? 2 : 5),
    )
    expect(few).toEqual([])
    expect(Object.keys(byReason).toSorted()).toEqual(
      [
        'NUL',
        'column count',
        'duplicate',
        'flag',
        'invalid UTF-8',
        'loaded',
        'null',
        'number',
        'orphan',
        'out of range',
        'price',
        'quote',
        'repaired',
        'skipped',
        'too long',
      ].toSorted(),
    )
  })

  it.each([
    [1, 1],
    [12, 5],
    [100, 6],
    [100, 7],
    [250, 8],
  ])(
    'is what a plain reading finds, line for line (%i products, seed %i)',
    async (products, seed) => {
      const { manifest, read } = await generated(products, seed)

      const expected = manifest.damages
        .filter(({ outcome }) => outcome === 'rejected' || outcome === 'repaired')
        .map(({ file, line, column, outcome, reason }) => ({
          file,
          line,
          column: outcome === 'repaired' ? '' : column,
          outcome,
          reason,
        }))
      expect(read().findings).toEqual(expected)
    },
  )

  it('is counted as a plain reading counts it', async () => {
    const { manifest, read } = await generated(250, 9)

    const reading = read()

    for (const { name } of sourceFiles) {
      const { lines, loaded, rejected } = manifest.files[name]
      expect(lines).toBe(reading.lines.get(name))
      expect(loaded).toBe(reading.rows.get(name)?.length)
      expect(loaded + rejected).toBe(lines)
    }
  })

  it('never changes what the catalogue holds, nor its order', async () => {
    const { read: readClean, manifest } = await generated(120, 10, 'none')
    const { read: readUsual } = await generated(120, 10)
    const { read: readFivefold } = await generated(120, 10, 5)

    const clean = readClean()
    expect(manifest.damages).toEqual([])
    expect(clean.findings).toEqual([])
    expect(readUsual().rows).toEqual(clean.rows)
    expect(readFivefold().rows).toEqual(clean.rows)
  })

  it('grows with the amount that is asked for', async () => {
    const { manifest: usual } = await generated(1_000, 11)
    const { manifest: threefold } = await generated(1_000, 11, 3)

    expect(threefold.damages.length / usual.damages.length).toBeCloseTo(3, 0)
  })
})
