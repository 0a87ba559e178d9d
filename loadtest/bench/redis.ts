import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { join } from 'node:path'
import type { Client } from 'pg'
import { type Child, startChild, waitUntilReady } from './child.ts'
import { findFreePort } from './free-port.ts'
import { openConnection } from './http-connection.ts'
import { withClient } from './postgres.ts'
import type { Stage } from './stage.ts'

const startMsMax = 10_000
const documentsAtOnce = 5_000

export interface Redis {
  readonly child: Child
  readonly url: string
  readonly port: number
}

/** A Redis of our own on a free port, empty, that writes nothing to disk. */
export const startRedis = async (stage: Stage): Promise<Redis> => {
  const port = await findFreePort()
  const child = await startChild({
    command: 'redis-server',
    args: ['--bind', '127.0.0.1', '--port', `${port}`, '--save', '', '--appendonly', 'no'],
    cwd: stage.directory,
    log: join(stage.directory, 'redis.log'),
  })
  await waitUntilReady('Redis', [child], () => listens(port), startMsMax)
  return { child, port, url: `redis://127.0.0.1:${port}` }
}

/** Puts the styles documents of these products where design 2 looks for them, in the order given. */
export const fillRedis = async (
  { port }: Redis,
  releaseUrl: string,
  ids: Int32Array,
): Promise<void> => {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  try {
    await withClient(releaseUrl, async (client) => {
      for (let from = 0; from < ids.length; from += documentsAtOnce) {
        const rows = await readDocuments(client, ids.subarray(from, from + documentsAtOnce))
        socket.write(rows.map(({ id, body }) => setCommand(`styles:${id}`, body)).join(''))
        await countReplies(socket, rows.length)
      }
    })
  } finally {
    socket.destroy()
  }
}

const readDocuments = async (client: Client, ids: Int32Array) => {
  const { rows } = await client.query<{ id: number; body: string }>(
    `select product_id as id, body
     from unnest($1::int[]) with ordinality as wanted (product_id, place)
       join styles_document using (product_id)
     order by place`,
    [[...ids]],
  )
  return rows
}

const okBytes = '+OK\r\n'.length

const countReplies = async (socket: Socket, expected: number) => {
  for (let bytes = 0; bytes < expected * okBytes;) {
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    if (chunk.includes('-')) throw new Error(`expected +OK from Redis, came ${chunk.toString()}`)
    bytes += chunk.length
  }
}

/** SET in the protocol of Redis (RESP): an array of strings, each with its length in bytes. */
export const setCommand = (key: string, value: string): string =>
  `*3\r\n$3\r\nSET\r\n${bulk(key)}${bulk(value)}`

const bulk = (text: string) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`

const listens = (port: number) =>
  openConnection(`http://127.0.0.1:${port}`).then(
    (connection) => {
      connection.close()
      return true
    },
    () => false,
  )
