import type { Ask, Route } from './traffic.ts'

type Json = Record<string, unknown>
type Judge = (body: unknown, ask: Ask) => string | undefined

const judges: Record<Route, Judge> = {
  list: judgeList,
  product: judgeProduct,
  styles: judgeStyles,
  related: judgeRelated,
}

/**
 * A status that says "not now": no answer at all (0), rate limited, shed, or a gateway without a
 * process behind it. It counts as a failed request, not as a wrong answer.
 */
export function isRefusal(status: number): boolean {
  return [0, 429, 502, 503, 504].includes(status)
}

/** Says what is wrong with a status that is no refusal. Undefined when it is right. */
export function statusFaultOf({ known, etag }: Ask, status: number): string | undefined {
  const right = known ? (etag === undefined ? [200] : [200, 304]) : [404]
  return right.includes(status) ? undefined : `expected ${right.join(' or ')}, came ${status}`
}

/**
 * Says what is wrong with the body of a 200 or 404 answer: its shape, the id it is about, its
 * prices. Undefined when it is right; a 304 has no body to be wrong.
 */
export function faultOf(ask: Ask, status: number, body: string | null): string | undefined {
  if (status === 304) return undefined
  let parsed: unknown
  try {
    parsed = JSON.parse(body ?? '')
  } catch {
    return `expected JSON, came ${excerpt(body)}`
  }
  return status === 404 ? judgeProblem(parsed) : judges[ask.route](parsed, ask)
}

function judgeProblem(body: unknown): string | undefined {
  if (!isObject(body)) return expected('a problem', body)
  if (body['status'] !== 404) return expected('a problem with status 404', body['status'])
  return typeof body['title'] === 'string' ? undefined : expected('a title', body['title'])
}

function judgeList(body: unknown, { count = 0 }: Ask): string | undefined {
  if (!Array.isArray(body)) return expected('an array', body)
  if (body.length > count) return expected(`at most ${count} rows`, body.length)
  let last = 0
  for (const row of body as unknown[]) {
    const fault = judgeProductFields(row)
    if (fault !== undefined) return fault
    const { id, features } = row as Json
    if ((id as number) <= last) return expected(`an id above ${last}`, id)
    if (features !== undefined) return expected('no features in a list', features)
    last = id as number
  }
  return undefined
}

function judgeProduct(body: unknown, { id }: Ask): string | undefined {
  const fault = judgeProductFields(body)
  if (fault !== undefined) return fault
  const { id: answered, features } = body as Json
  if (answered !== id) return expected(`product ${id}`, answered)
  if (!Array.isArray(features)) return expected('features', features)
  const wrong = features.find(
    (one) => !isObject(one) || !isText(one['feature']) || !isTextOrNull(one['value']),
  )
  return wrong === undefined ? undefined : expected('a feature and its value or null', wrong)
}

const productTexts = ['name', 'slogan', 'description', 'category'] as const

function judgeProductFields(body: unknown): string | undefined {
  if (!isObject(body)) return expected('a product', body)
  if (!Number.isInteger(body['id'])) return expected('a whole number as id', body['id'])
  const text = productTexts.find((field) => !isText(body[field]))
  if (text !== undefined) return expected(`a text as ${text}`, body[text])
  const price = body['default_price']
  return isPrice(price) ? undefined : expected('a price like "140.00"', price)
}

function judgeStyles(body: unknown, { id }: Ask): string | undefined {
  if (!isObject(body)) return expected('an object', body)
  if (body['product_id'] !== String(id)) return expected(`product_id "${id}"`, body['product_id'])
  const styles = body['results']
  if (!Array.isArray(styles)) return expected('results', styles)
  let last = 0
  for (const style of styles as unknown[]) {
    const fault = judgeStyle(style)
    if (fault !== undefined) return fault
    const styleId = (style as Json)['style_id'] as number
    if (styleId <= last) return expected(`a style_id above ${last}`, styleId)
    last = styleId
  }
  return undefined
}

function judgeStyle(style: unknown): string | undefined {
  if (!isObject(style)) return expected('a style', style)
  if (!Number.isInteger(style['style_id'])) return expected('a style_id', style['style_id'])
  if (!isText(style['name'])) return expected('a text as name', style['name'])
  if (!isPrice(style['original_price'])) return expected('a price', style['original_price'])
  const sale = style['sale_price']
  if (sale !== null && !isPrice(sale)) return expected('a sale price or null', sale)
  if (typeof style['default?'] !== 'boolean') return expected('default?', style['default?'])
  return judgePhotos(style['photos']) ?? judgeSkus(style['skus'])
}

// Front ends read photos[0] unguarded: without photos there is one of nulls.
function judgePhotos(photos: unknown): string | undefined {
  if (!Array.isArray(photos) || photos.length === 0) return expected('photos', photos)
  const wrong = photos.find(
    (photo) =>
      !isObject(photo) || !isTextOrNull(photo['url']) || !isTextOrNull(photo['thumbnail_url']),
  )
  return wrong === undefined ? undefined : expected('a url and a thumbnail_url', wrong)
}

function judgeSkus(skus: unknown): string | undefined {
  if (!isObject(skus)) return expected('skus', skus)
  const entries = Object.entries(skus)
  if (entries.length === 0) return expected('skus, or the key "null"', skus)
  const wrong = entries.find(([key, sku]) => !isSku(key, sku))
  return wrong === undefined ? undefined : expected('a sku by its id', wrong)
}

function isSku(key: string, sku: unknown): boolean {
  if (!isObject(sku)) return false
  const { quantity, size } = sku
  if (key === 'null') return quantity === null && size === null
  return /^[1-9]\d*$/.test(key) && Number.isInteger(quantity) && isText(size)
}

function judgeRelated(body: unknown): string | undefined {
  if (!Array.isArray(body)) return expected('an array', body)
  const wrong = body.find((id) => !Number.isInteger(id) || id < 1)
  return wrong === undefined ? undefined : expected('ids', wrong)
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

// The text "null" is a NULL that an import took for a word.
function isTextOrNull(value: unknown): boolean {
  return value === null || (isText(value) && value !== 'null')
}

function isPrice(value: unknown): boolean {
  return isText(value) && /^\d+\.\d\d$/.test(value)
}

function expected(what: string, came: unknown): string {
  return `expected ${what}, came ${excerpt(JSON.stringify(came))}`
}

const excerptLengthMax = 120

function excerpt(text: string | null | undefined): string {
  return text === null || text === undefined ? 'nothing' : text.slice(0, excerptLengthMax)
}
