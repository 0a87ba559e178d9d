/** One thing that a healthy service does; `check` says what was wrong, or nothing. */
export interface SmokeCheck {
  readonly name: string
  readonly check: (base: URL) => Promise<string | undefined>
}

const timeoutMs = 5000
const ask = (base: URL, path: string, init: RequestInit = {}) =>
  fetch(new URL(path, base), { ...init, signal: AbortSignal.timeout(timeoutMs) })

const differs = (what: string, expected: unknown, came: unknown) =>
  expected === came ? undefined : `expected ${what} ${String(expected)}, came ${String(came)}`

const hasStatus = (name: string, path: string, status: number, init?: RequestInit): SmokeCheck => ({
  name,
  check: async (base) => differs('status', status, (await ask(base, path, init)).status),
})

/** The id of some product, and what was wrong with the list it came from. */
async function firstProduct(base: URL): Promise<number> {
  const response = await ask(base, '/products?count=1')
  const [product] = (await response.json()) as { id: number }[]
  if (product === undefined) throw new Error('expected a product in /products, came none')
  return product.id
}

const product: SmokeCheck = {
  name: 'a product has its features',
  check: async (base) => {
    const id = await firstProduct(base)
    const body = (await (await ask(base, `/products/${id}`)).json()) as Record<string, unknown>
    return (
      differs('id', id, body['id']) ?? differs('features', true, Array.isArray(body['features']))
    )
  },
}

const styles: SmokeCheck = {
  name: 'its styles say whose they are',
  check: async (base) => {
    const id = await firstProduct(base)
    const body = await (await ask(base, `/products/${id}/styles`)).json()
    return differs('product_id', `${id}`, (body as Record<string, unknown>)['product_id'])
  },
}

const related: SmokeCheck = {
  name: 'its related ids are a list',
  check: async (base) => {
    const id = await firstProduct(base)
    const body: unknown = await (await ask(base, `/products/${id}/related`)).json()
    return differs('a list', true, Array.isArray(body))
  },
}

const revalidation: SmokeCheck = {
  name: 'a client that has it gets 304',
  check: async (base) => {
    const path = `/products/${await firstProduct(base)}`
    const tag = (await ask(base, path)).headers.get('etag') ?? ''
    const again = await ask(base, path, { headers: { 'if-none-match': tag } })
    return differs('status', 304, again.status)
  },
}

const release: SmokeCheck = {
  name: 'answers name their catalogue release',
  check: async (base) => {
    const { headers } = await ask(base, '/products?count=1')
    return headers.has('x-catalog-release') ? undefined : 'there is no X-Catalog-Release'
  },
}

/** What a shop asks, what it must be refused, and what the public must not see. */
export const checks: readonly SmokeCheck[] = [
  hasStatus('the index answers', '/', 200),
  hasStatus('a large list answers', '/products?count=1011', 200),
  product,
  styles,
  related,
  revalidation,
  release,
  hasStatus('a product that is not there is 404', '/products/2147483647', 404),
  hasStatus('an id that is none is 400', '/products/abc', 400),
  hasStatus('another method is 405', '/products/1', 405, { method: 'DELETE' }),
  hasStatus('readiness is not public', '/readyz', 404),
  hasStatus('metrics are not public', '/metrics', 404),
]
