import * as fc from 'fast-check'

/** A request, and what it means: requests of one meaning have one cache key for each encoding. */
export interface Spelling {
  /** The URL in its plain form, with all parameters in order. */
  readonly meaning: string
  readonly target: string
  readonly acceptEncoding: string
  /** Whether only NGINX knows the path. */
  readonly isOldPath: boolean
}

const idMax = 400

/** A digit may be escaped, and so may a letter of a name. */
const escapedSometimes = (text: string): fc.Arbitrary<string> =>
  fc.array(fc.boolean(), { minLength: text.length, maxLength: text.length }).map((escapes) =>
    text
      .split('')
      .map((sign, place) => (escapes[place] ? `%${sign.charCodeAt(0).toString(16)}` : sign))
      .join(''),
  )

const plainMostly = (text: string) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(text) },
    { weight: 1, arbitrary: escapedSometimes(text) },
  )

/** Parameters that no route knows, whatever they hold. */
const strange = fc.constantFrom(
  ...[
    'utm_source=x',
    'Page=7',
    'COUNT=9',
    'pages=2',
    'x',
    '=',
    '',
    '%zz',
    'page%00=3',
    'id=9&id=8',
    '[page]=4',
  ],
)

const shuffledWith = (known: readonly string[]) =>
  fc
    .array(strange, { maxLength: 3 })
    .chain((others) => {
      const all = [...known, ...others]
      return fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })
    })
    .map((parameters) => parameters.join('&'))

const acceptEncoding = fc.constantFrom(
  ...[
    '',
    'gzip',
    'br',
    'gzip, br',
    'br;q=1.0, gzip;q=0.8, *;q=0.1',
    'gzip;q=0',
    'GZIP',
    'identity',
  ],
)

const parameter = (name: string, value: number, defaultValue: number) =>
  fc
    .tuple(plainMostly(name), plainMostly(String(value)), fc.boolean())
    .map(([key, text, isLeftOut]) =>
      isLeftOut && value === defaultValue ? [] : [`${key}=${text}`],
    )

const list = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.constantFrom(1, 5, 5, 17, 100, 900))
  .chain(([page, count]) =>
    fc
      .tuple(parameter('page', page, 1), parameter('count', count, 5))
      .chain((known) => shuffledWith(known.flat()))
      .map((query) => ({
        meaning: `/products?page=${page}&count=${count}`,
        target: query === '' ? '/products' : `/products?${query}`,
        isOldPath: false,
      })),
  )

const product = fc
  .tuple(fc.integer({ min: 1, max: idMax }), fc.constantFrom('', '/styles', '/related'))
  .chain(([id, part]) =>
    fc.tuple(plainMostly(String(id)), shuffledWith([])).map(([text, query]) => ({
      meaning: `/products/${id}${part}`,
      target: `/products/${text}${part}${query === '' ? '' : `?${query}`}`,
      isOldPath: false,
    })),
  )

const oldPath = fc
  .tuple(
    fc.integer({ min: 1, max: idMax }),
    fc.constantFrom(
      ['ProductbyID', ''],
      ['Features', ''],
      ['Styles', '/styles'],
      ['Related', '/related'],
    ),
    fc.constantFrom('', '&x=1', '&page=2'),
  )
  .map(([id, [path, part], rest]) => ({
    meaning: `/products/${id}${part}`,
    target: `/${path}?id=${id}${rest}`,
    isOldPath: true,
  }))

/** Spellings of good requests, a few meanings in many ways. */
export const spellings: fc.Arbitrary<Spelling> = fc
  .tuple(fc.oneof(list, product, oldPath), acceptEncoding)
  .map(([request, encoding]) => ({ ...request, acceptEncoding: encoding }))
