import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createDatabase, type TestDatabase } from '../database.ts'
import { sharedBundles } from '../lib/shared-bundles.ts'
import { catalogueFolder, smallRows } from './catalogue-folder.ts'
import { type EtlPlace, startEtl } from './etl-process.ts'

vi.setConfig({ testTimeout: 60_000 })

let database: TestDatabase
let place: EtlPlace
const folders: string[] = []

beforeAll(async () => {
  database = await createDatabase()
  place = {
    bundles: await sharedBundles(),
    databaseUrl: database.url,
    cwd: await mkdtemp(join(tmpdir(), 'product-overview-command-')),
  }
})

afterAll(async () => {
  await database.drop()
  for (const folder of [...folders, place.cwd]) await rm(folder, { recursive: true })
})

const folderOf = async (rows: ReturnType<typeof smallRows>) => {
  const folder = await catalogueFolder(rows)
  folders.push(folder)
  return folder
}

const etl = async (...args: string[]) => {
  const run = startEtl(place, args)
  const { code } = await run.ended
  return { code, said: run.output() }
}

const reason = 'product.csv: 33 % of its rows are gone since the live release, at most 20 % may'
const difference =
  'from release 1 to 3: 0 products added, 100 removed, 1 changed\n' +
  'prices that moved by more than 20 %: 2\n' +
  '  product 3 default_price: 3.00 → 4.00\n' +
  '  style 3 original_price: 3.00 → 4.00\n'

/** One catalogue, and then another that lost a third of it and has a dearer product. */
describe('etl import', () => {
  it('--json tells progress and summary as JSON lines', async () => {
    const { said } = await etl('import', await folderOf(smallRows(300)), '--json')

    const lines = said
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines).toContainEqual(
      expect.objectContaining({ task: 'skus.csv', rows: 300, unit: 'bytes', ended: true }),
    )
    expect(lines.at(-1)).toMatchObject({
      summary: { published: true, files: { 'skus.csv': { lines: 300, loaded: 300 } } },
    })
  })

  it('of a catalogue that a gate refuses ends with 3 and says why; --dry-run said it before, etl diff and etl publish go on', async () => {
    const changed = smallRows(300)
    for (const name of ['product.csv', 'styles.csv'] as const)
      changed[name] = changed[name].map((row) => row.replace('"3.00"', '"4.00"'))
    for (const rows of Object.values(changed)) rows.splice(200)
    const folder = await folderOf(changed)

    const rehearsed = await etl('import', folder, '--dry-run')
    const refused = await etl('import', folder)
    const releases = await etl('releases')
    const diff = await etl('diff', '1', '3')
    const published = await etl('publish', '3')

    expect(rehearsed.code).toBe(3)
    expect(rehearsed.said).toContain(`it would be refused:\n  ${reason}`)
    expect(rehearsed.said).toContain('0 products added, 100 removed, 1 changed')
    expect(rehearsed.said).toContain('nothing was left in the database')
    expect(refused.code).toBe(3)
    expect(refused.said).toContain('release 3 stays unpublished (`etl publish 3` overrules):')
    expect(refused.said).toContain(reason)
    expect(releases.said).toMatch(/release 3 was refused: product\.csv: 33 %/)
    expect(diff.said).toContain(difference)
    expect(published).toEqual({ code: 0, said: 'release 3 is live\n' })
  })
})
