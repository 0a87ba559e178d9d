import { documentsText } from '../../lib/catalog.ts'
import { pagesText, pagesValues } from '../../lib/list-page.ts'
import { askServer } from '../../deploy/local/ask-server.ts'

const queryMsMax = 10_000
const atOnce = 20

/** An answer as far as it is compared. */
export interface Answered {
  readonly status: number
  readonly body: string
}

/** What the database itself holds for targets of the API, in their order. */
export const truthOf = (url: string, targets: readonly string[]): Promise<Answered[]> =>
  askServer(url, queryMsMax, async (client) => {
    const { rows } = await client.query<{ release: number }>('select release from catalog.live')
    const { release } = rows[0] as { release: number }
    const answers: Answered[] = []
    for (const target of targets) {
      const { text, values, join } = statementOf(target, release)
      const found = await client.query<[...unknown[], string]>({ text, values, rowMode: 'array' })
      answers.push(join(found.rows.map((row) => row.at(-1) as string)))
    }
    return answers
  })

interface Statement {
  readonly text: string
  readonly values: string[]
  readonly join: (bodies: readonly string[]) => Answered
}

const documentOf = { '': 'product', '/styles': 'styles', '/related': 'related' } as const

const statementOf = (target: string, release: number): Statement => {
  const { pathname, searchParams } = new URL(target, 'http://shop.test')
  const [, id, part] = /^\/products\/(\d+)(\/styles|\/related|)$/.exec(pathname) ?? []
  if (id === undefined) {
    const [page, count] = [searchParams.get('page'), searchParams.get('count')].map(Number)
    return {
      text: pagesText(release),
      values: pagesValues([{ page: page ?? 1, count: count ?? 5 }]),
      join: (items) => ({ status: 200, body: `[${items.join(',')}]` }),
    }
  }
  return {
    text: documentsText(documentOf[part as keyof typeof documentOf], release),
    values: [`{${id}}`],
    join: ([body]) => (body === undefined ? { status: 404, body: '' } : { status: 200, body }),
  }
}

/** What is answered at an origin for targets, few at a time; the body of what is not found is not compared. */
export const answersOf = async (
  origin: string,
  targets: readonly string[],
): Promise<Answered[]> => {
  const answers: Answered[] = []
  for (let first = 0; first < targets.length; first += atOnce) {
    const some = targets.slice(first, first + atOnce)
    answers.push(...(await Promise.all(some.map((target) => answerOf(`${origin}${target}`)))))
  }
  return answers
}

const answerOf = async (url: string): Promise<Answered> => {
  const response = await fetch(url)
  const body = await response.text()
  return { status: response.status, body: response.status === 404 ? '' : body }
}
