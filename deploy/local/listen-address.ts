import { once } from 'node:events'
import { createServer } from 'node:net'
import { LocalError } from './local-error.ts'

/** The address that a browser on this machine uses for a server that listens on `host` and `port`. */
export const localUrl = (host: string, port: number) => {
  const reachable =
    ({ '0.0.0.0': '127.0.0.1', '::': '::1' } as Record<string, string>)[host] ?? host
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}

/** Throws, saying which variable to set (or else, for the port, `portAdvice`), when the server could not listen there. */
export const checkAddress = async (host: string, port: number, portAdvice = setPort) => {
  const server = createServer().listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    throw new LocalError(`cannot listen on ${host}:${port}: ${adviceFor(code, portAdvice)}`, {
      cause: error,
    })
  }
  server.close()
  await once(server, 'close')
}

const setPort = 'set PORT to another port, for example PORT=3001, or PORT=0 for any free one'

const adviceFor = (code: string, portAdvice: string) => {
  const advice: Record<string, string> = {
    EADDRINUSE: `another program listens there: ${portAdvice}`,
    EACCES: `this user may not use the port: ${portAdvice}`,
    EADDRNOTAVAIL: 'this machine has no such address: set HOST to one that it has',
    ENOTFOUND: 'there is no such host: set HOST to an address of this machine',
  }
  return advice[code] ?? code
}
