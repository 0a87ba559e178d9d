import { CsvError, type Options, parse } from 'csv-parse/sync'
import { ascii } from './ascii.ts'
import type { Field } from './fields.ts'

// A record is a line: a carriage return within it is text like any other.
const options: Options = {
  encoding: 'latin1',
  record_delimiter: '\n',
  relax_column_count: true,
}

/**
 * The fields of one line, strictly after RFC 4180: quotes stand around a field or not at all, and are doubled inside.
 * Gives undefined where they do not. The line holds no line feed and no NUL, which csv-parse takes for the end of a field.
 */
export function splitFields(line: Buffer): Field[] | undefined {
  const text = line.toString('latin1')
  // An odd number of quotes is damage for sure, and csv-parse takes 80 µs to say so.
  if ((text.length - text.replaceAll('"', '').length) % 2 === 1) return undefined
  return splitLines([line])?.[0]
}

/** The fields of several lines in one call of csv-parse; undefined when any of them does not split. */
export function splitLines(lines: readonly Buffer[]): Field[][] | undefined {
  const records = parseRecords(lines)
  // A quote that is not closed swallows line ends: then there are fewer records than lines. Where there are as many,
  // each line is one of them, because a record takes a line at least.
  if (records?.length !== lines.length) return undefined
  return lines.map((line, at) => withQuoting(line, records[at]!))
}

function parseRecords(lines: readonly Buffer[]): string[][] | undefined {
  const text = lines.length === 1 ? lines[0]! : Buffer.concat(lines.flatMap(withLineFeed))
  try {
    return parse(text, options)
  } catch (error) {
    if (error instanceof CsvError) return undefined
    throw error
  }
}

const lineFeed = Buffer.from('\n')
const withLineFeed = (line: Buffer) => [line, lineFeed]

/** csv-parse tells which fields were quoted only at a third of its speed; their lengths tell it too. */
function withQuoting(line: Buffer, texts: readonly string[]): Field[] {
  let at = 0
  return texts.map((text) => {
    const quoted = line[at] === ascii.quote
    at += ','.length + (quoted ? quotedLength(text) : text.length)
    return { text, quoted }
  })
}

const quotedLength = (text: string) => text.replaceAll('"', '""').length + '""'.length
