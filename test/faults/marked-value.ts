import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { wallMs } from './load/outcome.ts'

const writePauseMs = 150
const readPauseMs = 10

/** When each count was committed; a SKU's quantity is counted up from 0. */
export type Commits = readonly number[]

/** A value seen at an origin. */
export interface Seen {
  /** When it was asked for. */
  readonly atMs: number
  readonly count: number
}

/** Counts the quantity of one SKU up until told to stop, and gives when each count was committed. */
export const countUp = async (url: string, skuId: number, over: AbortSignal): Promise<Commits> => {
  const client = new Client(url)
  await client.connect()
  const commits: number[] = []
  for (let count = 0; !over.aborted; count += 1) {
    await client.query('update catalog.sku set quantity = $1 where id = $2', [count, skuId])
    commits.push(wallMs())
    await sleep(writePauseMs)
  }
  await client.end()
  return commits
}

/** Asks for the styles of its product again and again. */
export const watchCount = async (
  origin: string,
  productId: number,
  skuId: number,
  over: AbortSignal,
): Promise<readonly Seen[]> => {
  const seen: Seen[] = []
  const quantity = new RegExp(`"${skuId}":\\{"quantity":(\\d+)`)
  while (!over.aborted) {
    const atMs = wallMs()
    const response = await fetch(`${origin}/products/${productId}/styles`)
    const count = Number(quantity.exec(await response.text())?.[1])
    if (Number.isInteger(count)) seen.push({ atMs, count })
    await sleep(readPauseMs)
  }
  return seen
}

/** For how long after a commit the value before it was still given, at most. */
export const longestDelayMs = (commits: Commits, seen: readonly Seen[]): number =>
  Math.max(0, ...seen.map(({ atMs, count }) => atMs - (commits[count + 1] ?? Infinity)))
