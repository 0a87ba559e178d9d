import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { IdSet } from '../../etl/id-set.ts'
import { type ReadingOptions, readSourceFile } from '../../etl/read-source-file.ts'
import { RejectFile } from '../../etl/reject-file.ts'
import type { ParentIds } from '../../etl/row-keys.ts'
import { type SourceFile, type SourceFileName, sourceFiles } from '../../etl/source-files.ts'

/** What came out of a file; rows as COPY would take them, NULL as null. */
export interface Reading {
  rows: (string | null)[][]
  copyText: Buffer
  rejects: Record<string, string>[]
  counts: {
    lines: number
    loaded: number
    repaired: number
    rejected: number
    rejectedBy: Record<string, number>
    bytes: number
  }
}

export const fileOf = (name: SourceFileName): SourceFile =>
  sourceFiles.find((file) => file.name === name)!

export const headerOf = (name: SourceFileName): string =>
  fileOf(name)
    .columns.map((column) => column.name)
    .join(',')

/** Products 1 to 9 and styles 1 to 9 are there. */
export const someParents = (): ParentIds => {
  const ids = new IdSet()
  for (let id = 1; id <= 9; id++) ids.add(id)
  return new Map([
    ['product.csv', ids],
    ['styles.csv', ids],
  ])
}

/** A folder for the time of `use`. */
export const inTemporaryFolder = async <T>(use: (dir: string) => Promise<T>): Promise<T> => {
  const dir = mkdtempSync(join(tmpdir(), 'product-overview-reading-'))
  try {
    return await use(dir)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Takes all permissions from a file or folder for the time of `use`; root, who needs none, is somebody else meanwhile. */
export const withoutPermission = async (path: string, use: () => Promise<void>): Promise<void> => {
  chmodSync(dirname(path), 0o755)
  chmodSync(path, 0)
  const isRoot = process.getuid?.() === 0
  if (isRoot) process.seteuid?.(nobody)
  try {
    await use()
  } finally {
    if (isRoot) process.seteuid?.(0)
    chmodSync(path, 0o700)
  }
}

const nobody = 65534

/** Reads bytes as the file of that name, from its header line on. */
export const readBytes = (
  name: SourceFileName,
  bytes: string | Uint8Array,
  options: Partial<ReadingOptions> = {},
  suffix = '',
): Promise<Reading> =>
  inTemporaryFolder(async (dir) => {
    const path = join(dir, name + suffix)
    writeFileSync(path, bytes)
    const rejects = new RejectFile(join(dir, 'rejects'), name)
    const parents = someParents()
    const { chunks, counts } = readSourceFile(fileOf(name), path, { parents, rejects, ...options })
    const copied: Buffer[] = []
    for await (const chunk of chunks) copied.push(chunk)
    rejects.close()
    const copyText = Buffer.concat(copied)
    return {
      rows: copiedRows(copyText),
      copyText,
      rejects: parse(readFileSync(rejects.path), { columns: true }),
      counts: { ...counts, rejectedBy: Object.fromEntries(counts.rejectedBy) },
    }
  })

/** Reads lines below the right header. */
export const readRows = (
  name: SourceFileName,
  lines: readonly string[],
  options: Partial<ReadingOptions> = {},
): Promise<Reading> => readBytes(name, [headerOf(name), ...lines, ''].join('\n'), options)

const copiedRows = (copyText: Buffer): (string | null)[][] =>
  parse(copyText, {
    record_delimiter: '\n',
    cast: (text, { quoting }) => (text === 'null' && !quoting ? null : text),
  })
