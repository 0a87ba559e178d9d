import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Listens and returns the URL to ask. Throws an Error that says which setting to change when the address cannot be had. */
export const listen = async (server: Server, host: string, port: number): Promise<string> => {
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (error) {
    throw new Error(explain(error, host, port), { cause: error })
  }
  // A server that listens on a host and a port has such an address.
  const { address, family, port: boundPort } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${boundPort}`
}

const explain = (error: unknown, host: string, port: number): string => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const where = `port ${port} of ${host}`
  if (code === 'EADDRINUSE') return `${where} is in use by another program: set PORT to a free one`
  if (code === 'EACCES') return `${where} needs more rights: set PORT to one from 1024 up`
  return `cannot listen on ${where} (${code || String(error)}): set HOST to an address of this machine`
}
