import { lstat, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keepJson } from '../../../deploy/local/cluster/kept-json.ts'

let dir: string
let file: string

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'product-overview-kept-'))
  file = join(dir, 'map.json')
})

afterEach(() => rm(dir, { recursive: true, force: true }))

const modeOf = async (path: string) => (await lstat(path)).mode & 0o777

describe('keepJson', () => {
  it('writes what is true at the time, for its owner alone, and removes it', async () => {
    let value = 1
    const kept = keepJson(file, () => ({ value }))
    await kept.write()
    value = 2
    await kept.write()

    expect(await readFile(file, 'utf8')).toBe('{"value":2}\n')
    expect(await modeOf(file)).toBe(0o600)
    expect(await readdir(dir)).toEqual(['map.json'])
    await kept.remove()
    expect(await readdir(dir)).toEqual([])
  })

  it('writes through no link that another user has made beforehand', async () => {
    const theirs = join(dir, 'theirs')
    await writeFile(theirs, 'untouched')
    for (const name of [file, `${file}.${process.pid}`]) await symlink(theirs, name)
    await keepJson(file, () => 'secret').write()

    expect(await readFile(theirs, 'utf8')).toBe('untouched')
    expect((await lstat(file)).isFile()).toBe(true)
  })

  it('is for its owner alone though a file of its name was there for everyone', async () => {
    for (const name of [file, `${file}.${process.pid}`]) await writeFile(name, '', { mode: 0o644 })
    await keepJson(file, () => 'secret').write()

    expect(await modeOf(file)).toBe(0o600)
  })

  it('leaves no part of it when it cannot be put in its place', async () => {
    await mkdir(file)

    await expect(keepJson(file, () => 'secret').write()).rejects.toThrow('EISDIR')
    expect(await readdir(dir)).toEqual(['map.json'])
  })
})
