import { CsvError, type Options, parse } from 'csv-parse/sync'
import { ascii } from './ascii.ts'
import type { Field } from './fields.ts'

// A line is parsed alone and holds no line feed: a carriage return in it is text like any other.
const options: Options = {
  encoding: 'latin1',
  record_delimiter: '\n',
  relax_column_count: true,
}

/**
 * The fields of one line, strictly after RFC 4180: quotes stand around a field or not at all, and are doubled inside.
 * Gives undefined where they do not. The line holds no NUL, which csv-parse takes for the end of a field.
 */
export function splitFields(line: Buffer): Field[] | undefined {
  const texts = parseLine(line)
  if (texts === undefined) return undefined
  let at = 0
  return texts.map((text) => {
    const quoted = line[at] === ascii.quote
    at += rawLength(text, quoted) + ','.length
    return { text, quoted }
  })
}

function parseLine(line: Buffer): string[] | undefined {
  const text = line.toString('latin1')
  // An odd number of quotes is damage for sure, and csv-parse takes five times as long to say so.
  if ((text.length - text.replaceAll('"', '').length) % 2 === 1) return undefined
  try {
    return parse(line, options)[0]
  } catch (error) {
    if (error instanceof CsvError) return undefined
    throw error
  }
}

// csv-parse tells which fields were quoted only at a third of its speed; their lengths tell it too.
function rawLength(text: string, quoted: boolean): number {
  return quoted ? text.replaceAll('"', '""').length + '""'.length : text.length
}
