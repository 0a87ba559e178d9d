import { trimBlanks } from './blanks.ts'
import type { Field } from './fields.ts'

/**
 * The four fields of a photos line that lost quotes, when nothing about them is in doubt: it splits at its
 * commas into exactly id, id, `http…`, `http…`, and no quote stands inside a url. Blanks around the pieces are dropped.
 * Gives undefined when the line cannot be repaired.
 */
export function repairPhoto(line: string): Field[] | undefined {
  const pieces = line.split(',', 5).map(trimBlanks)
  const [id, styleId, url, thumbnailUrl] = pieces
  if (pieces.length !== 4 || ![id!, styleId!].every(isNumber)) return undefined
  const urls = [url!, thumbnailUrl!].map(withoutQuotes)
  if (!urls.every(isUrl)) return undefined
  return [id!, styleId!, ...urls].map((text) => ({ text, quoted: true }))
}

const isNumber = (piece: string) => /^-?\d+$/.test(piece)

// A piece has lost one of its quotes, both or neither.
const withoutQuotes = (piece: string) => piece.replace(/^"/, '').replace(/"$/, '')

const isUrl = (text: string) => /^(http|uhttps:\/\/)[^"]*$/.test(text)
