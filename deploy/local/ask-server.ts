import { Client } from 'pg'

const connectMsMax = 2_000

/** Does work on a connection of its own; rejects when the server, which may be frozen, does not answer each query in time. */
export const askServer = async <T>(
  url: string,
  queryMsMax: number,
  work: (client: Client) => Promise<T>,
): Promise<T> => {
  const client = new Client({
    connectionString: url,
    application_name: 'product-overview cluster',
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
