import { trimBlanks } from './blanks.ts'
import type { Field } from './fields.ts'

/**
 * The four fields of a photos line that lost quotes, when nothing about them is in doubt: it splits at its
 * commas into exactly id, id, `http…`, `http…`, and no quote stands inside a url. Blanks around the pieces are dropped.
 * Gives undefined when the line cannot be repaired.
 */
export function repairPhoto(line: string): Field[] | undefined {
  const pieces = line.split(',', 5).map(trimBlanks)
  if (pieces.length !== 4) return undefined
  const ids = pieces.slice(0, 2).map(withoutPair)
  const urls = pieces.slice(2).map(withoutQuotes)
  if (!ids.every(isNumber) || !urls.every(isUrl)) return undefined
  return [...ids, ...urls].map((text) => ({ text, quoted: true }))
}

/** An id lost no quote: it has both or none. */
const withoutPair = (piece: string) => piece.replace(/^"(.*)"$/, '$1')

/** A url has lost one quote, both or neither. */
const withoutQuotes = (piece: string) => piece.replace(/^"/, '').replace(/"$/, '')

const isNumber = (piece: string) => /^[ \t]*-?\d+[ \t]*$/.test(piece)

const isUrl = (text: string) => /^(http|uhttps:\/\/)[^"]*$/.test(text)
