import { execFile } from 'node:child_process'
import { chmod, cp, mkdtemp, readdir, rm, stat, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type PostgresBinaries,
  completeBinaries,
  copyBinaries,
  findPostgresBinaries,
  programPath,
} from '../../../deploy/local/postgres-binaries.ts'

let scratch: string
let installed: PostgresBinaries
let bare: PostgresBinaries

// As npm unpacks them when it runs no install scripts, or an archive tool that loses the modes.
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'product-overview-binaries-'))
  installed = await findPostgresBinaries()
  bare = { ...installed, dir: join(scratch, 'bare') }
  await cp(installed.dir, bare.dir, { recursive: true })
  for (const link of await linksIn(bare)) await unlink(link)
  await chmod(programPath(bare, 'postgres'), 0o644)
})

afterAll(() => rm(scratch, { recursive: true, force: true }))

describe('copyBinaries', () => {
  it('makes a copy that runs from binaries whose install script was blocked, once for each version', async () => {
    await expect(versionOf(bare)).rejects.toThrow('EACCES')
    const copy = await copyBinaries(bare, join(scratch, 'copies'))
    const { birthtimeMs } = await stat(copy.dir)
    const again = await copyBinaries(bare, join(scratch, 'copies'))

    expect(await versionOf(copy)).toContain('PostgreSQL) 18')
    expect((await stat(again.dir)).birthtimeMs).toBe(birthtimeMs)
    expect(await readdir(join(scratch, 'copies'))).toHaveLength(1)
  })
})

describe('completeBinaries', () => {
  it('makes the links and modes that are missing', async () => {
    expect(await completeBinaries(bare)).toBe(true)
    expect(await versionOf(bare)).toContain('PostgreSQL) 18')
  })

  it('has nothing to do where the install script ran', async () => {
    expect(await completeBinaries(installed)).toBe(true)
  })
})

const versionOf = async (binaries: PostgresBinaries) =>
  (await promisify(execFile)(programPath(binaries, 'postgres'), ['--version'])).stdout

// cp has turned links into absolute ones; either kind is what the install script makes.
const linksIn = async ({ dir }: PostgresBinaries) => {
  const entries = await readdir(join(dir, 'lib'), { withFileTypes: true })
  return entries.filter((entry) => entry.isSymbolicLink()).map(({ name }) => join(dir, 'lib', name))
}
