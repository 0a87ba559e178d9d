import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { EtlError } from '../../etl/etl-error.ts'
import { RAW_BYTES_MAX, RejectFile, removePartialRejects } from '../../etl/reject-file.ts'
import { inTemporaryFolder, withoutPermission } from './reading.ts'

const header = 'file,line,byte_offset,column,reason,raw\n'

/** What stands in the file after one line was rejected. */
const written = (raw: Buffer) =>
  inTemporaryFolder(async (dir) => {
    const file = new RejectFile(dir, 'photos.csv')
    file.write({ line: 17, byteOffset: 1234, column: 'url', reason: 'NUL', raw })
    file.close()
    return readFileSync(file.path, 'utf8')
  })

const rawOf = async (raw: Buffer) =>
  parse<{ raw: string }>(await written(raw), { columns: true })[0]!.raw

describe('a reject file', () => {
  it('is there with its header when nothing was rejected', () =>
    inTemporaryFolder(async (dir) => {
      const file = new RejectFile(join(dir, 'rejects', '7'), 'skus.csv')
      file.close()

      expect(file.path).toBe(join(dir, 'rejects', '7', 'skus.csv'))
      expect(readFileSync(file.path, 'utf8')).toBe(header)
    }))

  it('has a record for each rejected line', async () => {
    expect(await written(Buffer.from('1,2,"a "fine" hem\r,ß'))).toBe(
      `${header}"photos.csv",17,1234,"url","NUL","1,2,""a """"fine"""" hem\r,ß"\n`.replaceAll(
        '""""',
        '""',
      ),
    )
  })

  it('shows bytes that are no text, and nothing else, as \\xNN', async () => {
    const raw = Buffer.concat([
      Buffer.from('é\0'),
      Buffer.from([0xff, 0xc0, 0xaf]),
      Buffer.from('🧥'),
      Buffer.from([0xf0, 0x9f, 0xa7]),
      Buffer.from('x'),
      Buffer.from([0xed, 0xa0, 0x80, 0xe9]),
    ])

    expect(await rawOf(raw)).toBe('é\\x00\\xff\\xc0\\xaf🧥\\xf0\\x9f\\xa7x\\xed\\xa0\\x80\\xe9')
  })

  it('keeps 64 KiB of a line', async () => {
    const raw = Buffer.alloc(RAW_BYTES_MAX + 1, 'x')

    expect(await rawOf(raw)).toBe('x'.repeat(RAW_BYTES_MAX))
    expect(await rawOf(raw.subarray(1))).toBe('x'.repeat(RAW_BYTES_MAX))
  })

  it('cuts a line between two characters', async () => {
    for (const character of ['é', '€', '🧥']) {
      for (const before of ['', 'x', 'xx', 'xxx']) {
        const text = before + character.repeat(RAW_BYTES_MAX / 2)
        const raw = await rawOf(Buffer.from(text))

        expect(text.startsWith(raw)).toBe(true)
        expect(Buffer.byteLength(raw)).toBeGreaterThan(RAW_BYTES_MAX - 4)
      }
    }
  })

  it('takes more than its buffer holds', () =>
    inTemporaryFolder(async (dir) => {
      const file = new RejectFile(dir, 'skus.csv')
      const raw = Buffer.from('x'.repeat(1000))
      for (let line = 2; line < 2002; line++) {
        file.write({ line, byteOffset: line * 1001, column: '', reason: 'quote', raw })
      }
      file.close()

      const records = parse<Record<string, string>>(readFileSync(file.path), { columns: true })
      expect(records.length).toBe(2000)
      expect(records.map(({ line }) => Number(line))).toEqual(
        Array.from({ length: 2000 }, (_, nth) => nth + 2),
      )
    }))

  it('takes the place of one from before', () =>
    inTemporaryFolder(async (dir) => {
      const before = new RejectFile(dir, 'skus.csv')
      before.write({ line: 2, byteOffset: 9, column: '', reason: 'quote', raw: Buffer.from('"') })
      before.close()
      new RejectFile(dir, 'skus.csv').close()

      expect(readFileSync(join(dir, 'skus.csv'), 'utf8')).toBe(header)
    }))

  it('appears when it is complete; until then that from before stays', () =>
    inTemporaryFolder(async (dir) => {
      new RejectFile(dir, 'skus.csv').close()
      const file = new RejectFile(dir, 'skus.csv')
      file.write({ line: 2, byteOffset: 9, column: '', reason: 'quote', raw: Buffer.from('"') })

      expect(readFileSync(join(dir, 'skus.csv'), 'utf8')).toBe(header)
      file.close()
      expect(readFileSync(join(dir, 'skus.csv'), 'utf8')).toContain('"quote"')
      expect(readdirSync(dir)).toEqual(['skus.csv'])
    }))

  it('of an import that was killed is removed, the complete ones beside it stay', () =>
    inTemporaryFolder(async (dir) => {
      const [killed, mixed] = [join(dir, '7'), join(dir, '8')]
      for (const folder of [killed, mixed]) void new RejectFile(folder, 'skus.csv')
      new RejectFile(mixed, 'photos.csv').close()
      for (const folder of [killed, mixed, join(dir, 'nowhere')]) removePartialRejects(folder)

      expect(readdirSync(dir)).toEqual(['8'])
      expect(readdirSync(mixed)).toEqual(['photos.csv'])
    }))

  it('leaves any other file alone', () =>
    inTemporaryFolder(async (dir) => {
      writeFileSync(join(dir, 'skus.csv'), 'id,styleId,size,quantity\n')

      expect(() => new RejectFile(dir, 'skus.csv')).toThrow('choose another folder')
      expect(readFileSync(join(dir, 'skus.csv'), 'utf8')).toBe('id,styleId,size,quantity\n')
    }))
})

describe('a reject file that cannot be written', () => {
  it('says which and why', () =>
    inTemporaryFolder(async (dir) => {
      writeFileSync(join(dir, 'file'), '')

      expect(() => new RejectFile(join(dir, 'file'), 'skus.csv')).toThrow(EtlError)
      expect(() => new RejectFile(join(dir, 'file'), 'skus.csv')).toThrow(
        `${join(dir, 'file', 'skus.csv')}: the rejected rows cannot be written: EEXIST`,
      )
    }))

  it('says that it has no permission', () =>
    inTemporaryFolder(async (dir) => {
      const closed = join(dir, 'closed')
      mkdirSync(closed)

      await withoutPermission(closed, async () => {
        expect(() => new RejectFile(closed, 'skus.csv')).toThrow(
          `${join(closed, 'skus.csv')}: the rejected rows cannot be written: EACCES`,
        )
      })
    }))

  it.runIf(existsSync('/dev/full'))('says that the disk is full, and leaves nothing there', () =>
    inTemporaryFolder(async (dir) => {
      symlinkSync('/dev/full', join(dir, 'skus.csv.partial'))
      const file = new RejectFile(dir, 'skus.csv')

      expect(() => file.close()).toThrow(
        `${file.path}: the rejected rows cannot be written: ENOSPC: no space left on device, write`,
      )
      file.discard()
      expect(readdirSync(dir)).toEqual([])
    }),
  )
})
