import { Agent, get } from 'node:http'

/** Keeps its connections and sends a GET again as browsers do. */
export interface Browser {
  /** The status of the answer, once that is complete; rejects when there is none. */
  readonly get: (url: string) => Promise<number>
  readonly close: () => void
}

/**
 * A client for tests that reload NGINX, which closes idle connections: a GET that is being written into one in that moment is
 * sent again on a new one (RFC 9110, 9.2.2). Whatever fails on a new connection fails.
 */
export function openBrowser(): Browser {
  const agent = new Agent({ keepAlive: true })
  return { get: (url) => ask(url, agent), close: () => agent.destroy() }
}

function ask(url: string, agent: Agent | false): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent }, (response) => {
      response.on('end', () => resolve(response.statusCode ?? 0)).on('error', reject)
      response.resume()
    })
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (request.reusedSocket && error.code === 'ECONNRESET') resolve(ask(url, false))
      else reject(error)
    })
  })
}
