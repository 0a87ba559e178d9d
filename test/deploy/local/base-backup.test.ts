import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { takeBaseBackup } from '../../../deploy/local/base-backup.ts'
import { createDatabase, type TestDatabase } from '../../database.ts'

const databases = 500
let server: TestDatabase
let scratch: string
let dataDir: string
let target: string

beforeAll(async () => {
  server = await createDatabase()
})

afterAll(() => server.drop())

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'product-overview-backup-'))
  dataDir = join(scratch, 'data')
  target = join(scratch, 'copy')
})

afterEach(() => rm(scratch, { recursive: true, force: true }))

/** A folder for each database, as in a data folder, with a file in it. */
const makeData = async () => {
  for (let oid = 1; oid <= databases; oid++) {
    const folder = join(dataDir, 'base', `${oid}`)
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'PG_VERSION'), '18\n')
  }
}

const copied = () => readdir(join(target, 'base')).catch(() => [])

describe('takeBaseBackup', () => {
  it('goes on when databases are dropped while it copies', async () => {
    await makeData()
    const taken = takeBaseBackup({ url: server.url, dataDir }, target)
    while ((await copied()).length === 0) continue
    await rename(join(dataDir, 'base'), join(scratch, 'dropped'))
    await taken

    expect((await copied()).length).toBeLessThan(databases)
    expect(await readdir(target)).toContain('backup_label')
  })

  it('fails when there is nothing to copy', async () => {
    await expect(takeBaseBackup({ url: server.url, dataDir }, target)).rejects.toThrow('ENOENT')
  })
})
