import { setTimeout as sleep } from 'node:timers/promises'

const pageRows = 2000
const productsMax = 5_000_000
const attemptsMax = 4
const attemptPauseMs = 500
const attemptMaxMs = 30_000

/**
 * Reads the ids of the products that exist from the list, ascending: the first `wanted`, or all. A load
 * on ids that may be gaps could not tell a wrong 404 from a right one.
 */
export async function readProductIds(target: string, wanted = productsMax): Promise<number[]> {
  const ids: number[] = []
  for (let page = 1; ids.length < wanted; page++) {
    const some = await readPage(`${target}/products?page=${page}&count=${pageRows}`)
    for (const id of some) ids.push(id)
    if (some.length < pageRows) break
  }
  if (ids.length === 0) throw new Error(`${target}/products: expected products, came none`)
  return ids.slice(0, wanted)
}

// A service that has just started may refuse or break off a page or two.
async function readPage(url: string): Promise<number[]> {
  let last: unknown
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    try {
      const reply = await fetch(url, { signal: AbortSignal.timeout(attemptMaxMs) })
      if (reply.status !== 200) throw new Error(`status ${reply.status}`)
      const rows = (await reply.json()) as { id: number }[]
      return rows.map(({ id }) => id)
    } catch (error) {
      last = error
      await sleep(attemptPauseMs)
    }
  }
  throw new Error(`${url}: expected a page of products, came ${reasonOf(last)}`, { cause: last })
}

// fetch() says "fetch failed" and keeps what happened in the cause.
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
