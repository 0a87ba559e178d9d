import { openConnection } from './http-connection.ts'
import { type Traffic, requestBytes, requestsFrom } from './traffic.ts'

/** Asks for every number of a traffic once, in order, on several connections; throws at an answer that is not a 200. */
export const askAll = async (
  origin: string,
  traffic: Traffic,
  connections: number,
): Promise<void> => {
  const { host } = new URL(origin)
  const next = requestsFrom(traffic, 0)
  let left = traffic.numbers.length
  const askUntilDone = async () => {
    let connection = await openConnection(origin)
    const ask = (request: string) =>
      new Promise<number>((resolve) => connection.ask(request, resolve))
    while (left-- > 0) {
      const planned = next()
      const request = requestBytes(planned, host)
      let status = await ask(request)
      // A server may end a connection after so many answers, NGINX after a thousand.
      if (status === 0) {
        connection = await openConnection(origin)
        status = await ask(request)
      }
      if (status !== 200) throw new Error(`expected 200 from ${planned.path}, came ${status}`)
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: connections }, askUntilDone))
}

const tagsAtOnce = 16

/** The traffic with the ETag of each of its numbers, as a client remembers them from its first visit. */
export const withEtags = async (origin: string, traffic: Traffic): Promise<Traffic> => {
  const etags = new Map<number, string>()
  const numbers = [...new Set(traffic.numbers)]
  const learn = async () => {
    for (let number = numbers.pop(); number !== undefined; number = numbers.pop()) {
      const response = await fetch(origin + traffic.template.replace('{}', `${number}`))
      await response.arrayBuffer()
      const etag = response.headers.get('etag')
      if (etag === null) throw new Error(`expected an ETag from ${response.url}`)
      etags.set(number, etag)
    }
  }
  await Promise.all(Array.from({ length: tagsAtOnce }, learn))
  return { ...traffic, etags }
}
