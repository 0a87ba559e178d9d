import { trimBlanks } from './blanks.ts'
import { parsePrice, PRICE_MAX } from './prices.ts'
import type { RejectReason } from './reject-reason.ts'
import type { ColumnKind } from './source-files.ts'

/** A field holds at most 1 MiB. */
export const FIELD_BYTES_MAX = 1024 * 1024
const INT4_MAX = 2147483647

/** A field as the file has it: its bytes, one a character (latin1), without quotes. */
export interface Field {
  readonly text: string
  readonly quoted: boolean
}

/** A checked field. */
export interface Value {
  /** As COPY takes it, one byte a character. */
  readonly copyText: string
  /** What an id or another whole number is; 0 elsewhere. */
  readonly number: number
  /** Whether the u of `uhttps://` was dropped. */
  readonly mended: boolean
}

/** Checks one field by the kind of its column, after the contract; gives its value or why it has none. */
export function readField(kind: ColumnKind, field: Field): Value | RejectReason {
  return field.text.length > FIELD_BYTES_MAX ? 'too long' : readers[kind](field)
}

const readers: Record<ColumnKind, (field: Field) => Value | RejectReason> = {
  id: (field) => readNumber(field, 1),
  parent: (field) => readNumber(field, 1),
  quantity: (field) => readNumber(field, 0),
  flag: readFlag,
  price: readPrice,
  nullablePrice: readNullablePrice,
  text: (field) => (isNull(field) ? 'null' : textValue(field.text)),
  nullableText: ({ text }) => (text === 'null' ? NULL : textValue(text)),
  url: (field) => (isNull(field) ? 'null' : urlValue(field.text)),
}

const NULL: Value = { copyText: 'null', number: 0, mended: false }

const isNull = ({ text, quoted }: Field) => !quoted && text === 'null'

const trimmed = ({ text, quoted }: Field): Field => ({ text: trimBlanks(text), quoted })

function readNumber(field: Field, min: number): Value | RejectReason {
  const digits = trimmed(field)
  if (isNull(digits)) return 'null'
  if (!/^-?\d+$/.test(digits.text)) return 'number'
  const number = Number(digits.text)
  if (number < min || number > INT4_MAX) return 'out of range'
  return numberValue(number)
}

function readFlag(field: Field): Value | RejectReason {
  const value = readNumber(field, 0)
  if (value === 'null') return 'null'
  return typeof value !== 'string' && value.number <= 1 ? value : 'flag'
}

function readPrice(field: Field): Value | RejectReason {
  const digits = trimmed(field)
  if (isNull(digits)) return 'null'
  const price = parsePrice(digits.text)
  if (price === undefined) return 'price'
  if (Number(price) > PRICE_MAX) return 'out of range'
  return { copyText: price, number: 0, mended: false }
}

/** No sale is written as nothing, `null` or 0. */
function readNullablePrice(field: Field): Value | RejectReason {
  const digits = trimmed(field)
  if (isNull(digits) || (digits.text === '' && !digits.quoted)) return NULL
  const value = readPrice(digits)
  return typeof value !== 'string' && Number(value.copyText) === 0 ? NULL : value
}

const textValue = (text: string, mended = false): Value => ({
  copyText: `"${text.replaceAll('"', '""')}"`,
  number: 0,
  mended,
})

const urlValue = (text: string) =>
  text.startsWith('uhttps://') ? textValue(text.slice(1), true) : textValue(text)

// `+ 0` makes -0 the 0 that it is.
const numberValue = (number: number): Value => ({
  copyText: String(number + 0),
  number: number + 0,
  mended: false,
})
