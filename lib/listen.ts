import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An address of this machine, or a listening socket that was inherited. */
export type ListenOn = { readonly host: string; readonly port: number } | { readonly fd: number }

/**
 * Connections that may wait to be accepted, as in the unit of the socket: listening on an inherited one sets it anew, and
 * Node's default of 511 is what a busy NGINX sends while a process starts. The kernel caps it at net.core.somaxconn.
 */
const backlog = 4096

/** Listens and returns the URL to ask. Throws an Error that says which setting to change when the address cannot be had. */
export const listen = async (server: Server, on: ListenOn): Promise<string> => {
  try {
    server.listen('fd' in on ? { fd: on.fd, backlog } : { host: on.host, port: on.port, backlog })
    await once(server, 'listening')
  } catch (error) {
    throw new Error(explain(error, on), { cause: error })
  }
  // A server that listens on a host and a port has such an address.
  const { address, family, port } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

const explain = (error: unknown, on: ListenOn): string => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if ('fd' in on) {
    return `expected descriptor ${on.fd}, which LISTEN_FDS announces, to be a TCP socket (${code || String(error)})`
  }
  const where = `port ${on.port} of ${on.host}`
  if (code === 'EADDRINUSE') return `${where} is in use by another program: set PORT to a free one`
  if (code === 'EACCES') return `${where} needs more rights: set PORT to one from 1024 up`
  return `cannot listen on ${where} (${code || String(error)}): set HOST to an address of this machine`
}
