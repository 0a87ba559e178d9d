const pageRows = 10_000
const productsMax = 5_000_000

/**
 * Reads the ids of the products that exist from the list, in ascending order: `wanted` of them from the
 * front, or all. A load on ids that may be gaps could not tell a wrong 404 from a right one.
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

async function readPage(url: string): Promise<number[]> {
  const reply = await fetch(url, { signal: AbortSignal.timeout(60_000) })
  if (reply.status !== 200) throw new Error(`${url}: expected 200, came ${reply.status}`)
  const rows = (await reply.json()) as { id: number }[]
  return rows.map(({ id }) => id)
}
