import { SourceError } from './source-error.ts'
import type { SourceColumn, SourceFile } from './source-files.ts'

/** How much of a wrong header line is shown. */
const SHOWN_CHARS_MAX = 200

/** Checks the first line of a file, without its BOM and line end. Throws a SourceError that shows what was expected and what came. */
export function checkHeader(file: SourceFile, path: string, line: Buffer): void {
  const names = line.toString().split(',').map(unquoted)
  const right =
    names.length === file.columns.length &&
    file.columns.every(({ name, alias }, at) => names[at] === name || names[at] === alias)
  if (right) return
  throw new SourceError(
    `${path}: expected the header line ${file.columns.map(spelling).join(',')} ` +
      `but found ${found(line)}`,
  )
}

function unquoted(name: string): string {
  const trimmed = name.trim()
  return /^".*"$/.test(trimmed) ? trimmed.slice(1, -1).trim() : trimmed
}

const spelling = ({ name, alias }: SourceColumn) =>
  alias === undefined ? name : `${name} (or ${alias})`

function found(line: Buffer): string {
  if (line[0] === 0x1f && line[1] === 0x8b) return 'gzip data: such a file is to end in .csv.gz'
  if (line.includes(0)) return 'NUL bytes: the file is to be UTF-8, not UTF-16'
  const text = line.toString()
  return JSON.stringify(text.length > SHOWN_CHARS_MAX ? `${text.slice(0, SHOWN_CHARS_MAX)}…` : text)
}
