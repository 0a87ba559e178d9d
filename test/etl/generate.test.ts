import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateCatalogue, type GenerateProgress } from '../../etl/generate.ts'
import { sourceFiles } from '../../etl/source-files.ts'
import { readCatalogue } from './generate-reading.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'generate-'))
})
afterAll(() => rm(root, { recursive: true }))

async function digest(dir: string): Promise<string> {
  const hash = createHash('sha256')
  for (const name of [...sourceFiles.map((file) => file.name), 'manifest.json']) {
    hash.update(await readFile(join(dir, name)))
  }
  return hash.digest('hex')
}

const idsIn = async (path: string) =>
  [...(await readFile(path, 'latin1')).matchAll(/^\d+(?=,)/gm)].map(([id]) => Number(id))

describe('generateCatalogue', () => {
  it('gives the same bytes for the same seed, others for another', async () => {
    const digests: string[] = []
    for (const [name, seed] of [
      ['a', 7],
      ['b', 7],
      ['c', 8],
    ] as const) {
      const outDir = join(root, name)
      await generateCatalogue({ products: 300, seed, outDir })
      digests.push(await digest(outDir))
    }

    expect(digests[1]).toBe(digests[0])
    expect(digests[2]).not.toBe(digests[0])
  })

  it('gives these bytes on every version of Node', async () => {
    const outDir = join(root, 'golden')
    await generateCatalogue({ products: 200, seed: 1, outDir })

    // Changes with every change of words, shapes or damage; raise manifestVersion with it.
    expect(await digest(outDir)).toBe(
      'e36f98e753239ffb71f59023ffbfc08b48a91656a8140f2bb1272264365ab5ec',
    )
  })

  it('returns the manifest it writes', async () => {
    const outDir = join(root, 'manifest')
    const manifest = await generateCatalogue({ products: 50, seed: 2, outDir })

    expect(JSON.parse(await readFile(join(outDir, 'manifest.json'), 'utf8'))).toEqual(manifest)
  })

  it('has the averages of the real files', async () => {
    const products = 20_000
    const { files } = await generateCatalogue({ products, seed: 3, outDir: join(root, 'averages') })

    const { loaded: styles } = files['styles.csv']
    expect(files['product.csv'].loaded).toBe(products)
    expect(files['features.csv'].loaded / products).toBeCloseTo(2.219, 1)
    expect(styles / products).toBeCloseTo(1.958, 1)
    expect(files['related.csv'].loaded / products).toBeCloseTo(4.508, 1)
    expect(files['photos.csv'].loaded / styles).toBeCloseTo(2.888, 1)
    expect(files['skus.csv'].loaded / styles).toBeCloseTo(5.783, 1)
  })

  it('has gaps in all its ids, and rows out of order', async () => {
    const outDir = join(root, 'gaps')
    await generateCatalogue({ products: 1_000, seed: 4, outDir, damage: 'none' })

    for (const { name } of sourceFiles) {
      const ids = await idsIn(join(outDir, name))
      const sorted = ids.toSorted((a, b) => a - b)
      const farthest = Math.max(...ids.map((id, place) => Math.abs(id - (sorted[place] as number))))
      expect(new Set(ids).size).toBe(ids.length)
      expect(sorted.at(-1)).toBeGreaterThan(ids.length)
      expect(ids).not.toEqual(sorted)
      expect(farthest).toBeGreaterThan(100)
    }
  })

  it.each([1, 2, 11, 99, 100, 101, 1_000, 4_321])(
    'has the products 1 to 11, the middle and the last, %i in all',
    async (products) => {
      const outDir = join(root, `named-${products}`)
      await generateCatalogue({ products, seed: 5, outDir, damage: 'none' })

      const ids = new Set(await idsIn(join(outDir, 'product.csv')))
      const named = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].filter((id) => id <= products)
      expect(
        [...named, Math.floor(products / 2) || 1, products].filter((id) => !ids.has(id)),
      ).toEqual([])
      expect(ids.size).toBe(products)
    },
  )

  it('begins with the cases that are easy to get wrong', async () => {
    const outDir = join(root, 'samples')
    await generateCatalogue({ products: 11, seed: 9, outDir })

    const { rows } = readCatalogue(outDir)
    const of = (file: string) => rows.get(file) ?? []
    const children = (file: string, parent: string) => of(file).filter(([, id]) => id === parent)
    const stylesOf = (product: string) =>
      children('styles.csv', product).map(([id]) => id as string)
    const texts = of('product.csv').flat().join('\n')
    const sizesOf = (style: string) => children('skus.csv', style).map(([, , size]) => size)
    expect(of('product.csv').map(([id]) => id)).toContain('11')
    expect(of('product.csv').map((row) => row[5])).toContain('500000000.00')
    expect(stylesOf('11')).toEqual([])
    expect(children('features.csv', '6')).toEqual([])
    expect(children('styles.csv', '7').map((row) => row[5])).toEqual(['0', '0'])
    expect(stylesOf('8').some((id) => children('photos.csv', id).length === 0)).toBe(true)
    expect(stylesOf('9').some((id) => children('skus.csv', id).length === 0)).toBe(true)
    expect(stylesOf('9').some((id) => sizesOf(id).length > new Set(sizesOf(id)).size)).toBe(true)
    expect(children('features.csv', '2').map((row) => row[3])).toContain(null)
    expect(texts).toMatch(/"/)
    expect(texts).toMatch(/,/)
    expect(texts).toMatch(/ {2}/)
    expect(texts).toMatch(/[\u{10000}-\u{10ffff}]/u)
  })

  it('says how far it is, each file up to its end', async () => {
    const seen: GenerateProgress[] = []
    const { files } = await generateCatalogue({
      products: 5_000,
      seed: 6,
      outDir: join(root, 'progress'),
      onProgress: (progress) => seen.push(progress),
    })

    for (const { name } of sourceFiles) {
      const last = seen.findLast(({ file }) => file === name)
      expect(last?.rows).toBe(files[name].loaded)
      expect(last?.rowsTotal).toBe(files[name].loaded)
      expect(last?.bytes).toBe(files[name].bytes)
    }
    expect(seen.length).toBeGreaterThan(sourceFiles.length)
  })
})
