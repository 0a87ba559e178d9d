import { Client } from 'pg'
import type { EmbeddedPostgres } from './run-postgres.ts'

const connectMsMax = 2_000

/** The server that replicas stream from; it runs on this machine. */
export type PrimaryServer = Pick<EmbeddedPostgres, 'url' | 'port' | 'dataDir'>

/** Does work on a connection to the primary; rejects when it does not answer (it may be frozen) each query in time. */
export const askPrimary = async <T>(
  { url }: Pick<PrimaryServer, 'url'>,
  queryMsMax: number,
  work: (client: Client) => Promise<T>,
): Promise<T> => {
  const client = new Client({
    connectionString: url,
    application_name: 'product-overview replica',
    connectionTimeoutMillis: connectMsMax,
    query_timeout: queryMsMax,
  })
  // A connection that dies fails its query as well; unheard, the event would end the process.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    // The end is not waited for: a frozen server never says goodbye.
    client.end().catch(() => undefined)
  }
}
