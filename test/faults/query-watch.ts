import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'

const sampleMs = 5
const queryMsMax = 1_000

/** The most queries of the instances that were under way at once, by database, and how often it was looked. */
export interface QueryWatch {
  readonly stop: () => Promise<readonly { readonly max: number; readonly samples: number }[]>
}

/** Looks every 5 ms how many statements of the instances each database works on; also after it was lost and came back. */
export const watchQueries = (urls: readonly string[]): QueryWatch => {
  const over = new AbortController()
  const watching = urls.map((url) => watchOne(url, over.signal))
  return {
    stop: () => {
      over.abort()
      return Promise.all(watching)
    },
  }
}

const watchOne = async (url: string, over: AbortSignal) => {
  const seen = { max: 0, samples: 0 }
  while (!over.aborted) {
    // Until it is lost; then on another connection.
    await sampleWith(url, seen, over).catch(() => sleep(sampleMs))
  }
  return seen
}

const sampleWith = async (
  url: string,
  seen: { max: number; samples: number },
  over: AbortSignal,
) => {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: queryMsMax,
    query_timeout: queryMsMax,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    while (!over.aborted) {
      const { rows } = await client.query<{ active: number }>(
        `select count(*)::int as active from pg_stat_activity
         where application_name = 'product-overview' and state = 'active'`,
      )
      seen.max = Math.max(seen.max, rows[0]?.active ?? 0)
      seen.samples += 1
      await sleep(sampleMs)
    }
  } finally {
    client.end().catch(() => undefined)
  }
}
