import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LineWriter } from '../../etl/generate-writer.ts'
import { generateCatalogue } from '../../etl/generate.ts'

let outDir: string
beforeEach(async () => {
  outDir = await mkdtemp(join(tmpdir(), 'generate-folder-'))
})
afterEach(() => rm(outDir, { recursive: true }))

const options = { products: 20, seed: 1 }
const complete = [
  'features.csv',
  'manifest.json',
  'photos.csv',
  'product.csv',
  'related.csv',
  'skus.csv',
  'styles.csv',
]

describe('the folder of a generated catalogue', () => {
  it('is made when it is not there', async () => {
    const deep = join(outDir, 'not', 'there', 'yet')
    await generateCatalogue({ ...options, outDir: deep })

    expect(await readdir(deep)).toEqual(complete)
  })

  it('may hold the same catalogue, and files that are none of its own', async () => {
    await writeFile(join(outDir, 'notes.txt'), 'mine')
    await generateCatalogue({ ...options, outDir })
    await generateCatalogue({ ...options, outDir })

    expect((await readdir(outDir)).toSorted()).toEqual([...complete, 'notes.txt'].toSorted())
  })

  it('may hold what a killed run of the same catalogue left', async () => {
    await generateCatalogue({ ...options, outDir })
    const head = (await readFile(join(outDir, 'manifest.json'), 'utf8')).split('\n').slice(0, 5)
    await rm(outDir, { recursive: true })
    await mkdir(outDir)
    await writeFile(join(outDir, 'manifest.json.partial'), `${head.join('\n')}\n`)
    await writeFile(join(outDir, 'product.csv.partial'), 'id,name,slo')

    await generateCatalogue({ ...options, outDir })

    expect(await readdir(outDir)).toEqual(complete)
  })

  it('must not hold another catalogue', async () => {
    await generateCatalogue({ ...options, outDir })
    const before = await readFile(join(outDir, 'product.csv'))

    await expect(generateCatalogue({ ...options, seed: 2, outDir })).rejects.toThrow(
      /product\.csv exists and was not generated with products 20, seed 2, damage 1/,
    )
    expect(await readFile(join(outDir, 'product.csv'))).toEqual(before)
  })

  it.each(['skus.csv', 'manifest.json', 'photos.csv.partial'])(
    'must not hold a foreign %s',
    async (name) => {
      await writeFile(join(outDir, name), 'id,styleId,size,quantity\n')

      await expect(generateCatalogue({ ...options, outDir })).rejects.toThrow(`${name} exists`)
      expect(await readdir(outDir)).toEqual([name])
    },
  )

  it('must be a folder', async () => {
    const file = join(outDir, 'file')
    await writeFile(file, '')

    await expect(generateCatalogue({ ...options, outDir: file })).rejects.toThrow(
      /file: expected a folder to write to/,
    )
    await expect(generateCatalogue({ ...options, outDir: join(file, 'below') })).rejects.toThrow(
      /expected a folder to write to/,
    )
  })

  it('is left without a trace of a run that is stopped', async () => {
    const controller = new AbortController()
    const run = generateCatalogue({
      products: 5_000,
      seed: 1,
      outDir,
      signal: controller.signal,
      onProgress: ({ file }) => file === 'photos.csv' && controller.abort(new Error('stopped')),
    })

    await expect(run).rejects.toThrow('stopped')
    expect(await readdir(outDir)).toEqual([])
  })
})

describe('the options of a generated catalogue', () => {
  it.each([
    [{ products: 0 }, 'products: expected a whole number from 1 to 1000011, not 0'],
    [{ products: 1_000_012 }, 'products: expected a whole number from 1 to 1000011, not 1000012'],
    [{ products: 1.5 }, 'products: expected a whole number from 1 to 1000011, not 1.5'],
    [{ products: NaN }, 'products: expected a whole number from 1 to 1000011, not NaN'],
    [{ seed: -1 }, 'seed: expected a whole number from 0 to 4294967295, not -1'],
    [{ seed: 2 ** 32 }, 'seed: expected a whole number from 0 to 4294967295, not 4294967296'],
    [{ damage: 11 }, "damage: expected 'usual', 'none' or a number from 0 to 10, not 11"],
    [{ damage: NaN }, "damage: expected 'usual', 'none' or a number from 0 to 10, not NaN"],
  ])('must make sense: %o', async (wrong, message) => {
    await expect(generateCatalogue({ ...options, outDir, ...wrong })).rejects.toThrow(message)
    expect(await readdir(outDir)).toEqual([])
  })
})

describe('a full disk', () => {
  it.runIf(process.platform === 'linux')('is named with the file and how far it came', async () => {
    const writer = await LineWriter.create('/dev/full')
    writer.line('1,2,3')

    await expect(writer.flush()).rejects.toThrow(/^\/dev\/full: cannot write past byte 0: ENOSPC/)
    await writer.close()
  })
})
