import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A way to a server of this machine on which everything can be made to vanish, as behind a broken switch. */
export interface Blackhole {
  readonly port: number
  /** From now on connections are still accepted, and no byte arrives on either side. */
  readonly open: () => void
  /** Bytes go through again, on new connections; those that lost some are reset. */
  readonly close: () => void
  readonly remove: () => Promise<void>
}

/** A TCP proxy to a port of 127.0.0.1. */
export const createBlackhole = async (target: number): Promise<Blackhole> => {
  let isOpen = false
  const pairs = new Set<readonly [Socket, Socket]>()
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1')
    const pair = [client, upstream] as const
    pairs.add(pair)
    const end = () => {
      pairs.delete(pair)
      for (const socket of pair) socket.destroy()
    }
    for (const [from, to] of [pair, [upstream, client] as const]) {
      from.on('data', (chunk) => isOpen || to.write(chunk))
      from.on('error', end)
      // The end of a connection is not heard of either.
      from.on('close', () => isOpen || end())
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const endAll = () => {
    for (const pair of pairs) for (const socket of pair) socket.destroy()
    pairs.clear()
  }
  return {
    port: (server.address() as AddressInfo).port,
    open: () => {
      isOpen = true
    },
    close: () => {
      isOpen = false
      endAll()
    },
    remove: async () => {
      endAll()
      server.close()
      await once(server, 'close')
    },
  }
}
