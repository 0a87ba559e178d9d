import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * What the clients of a workload ask for, drawn before the run: every contestant, generator and round gets the
 * same requests. A generator takes the numbers from some place on, and begins anew after the last.
 */
export interface Traffic {
  /** A path with `{}` where the number goes, for example `/products/{}/styles`. */
  readonly template: string
  readonly numbers: Int32Array
  /** The ETag that a client remembers for a number: the request becomes conditional. */
  readonly etags?: ReadonlyMap<number, string>
}

export interface PlannedRequest {
  readonly path: string
  readonly etag: string | undefined
}

/** The requests of a traffic from place `start` on, without end. */
export const requestsFrom = (traffic: Traffic, start: number): (() => PlannedRequest) => {
  const [before = '', after = ''] = traffic.template.split('{}')
  let place = start
  return () => {
    const number = traffic.numbers[place++ % traffic.numbers.length] as number
    return { path: `${before}${number}${after}`, etag: traffic.etags?.get(number) }
  }
}

/** The request in the bytes of HTTP/1.1 that all generators send: nothing but what is needed. */
export const requestBytes = ({ path, etag }: PlannedRequest, host: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${etag === undefined ? '' : `If-None-Match: ${etag}\r\n`}\r\n`

/** Where wrk.lua finds a traffic. */
export interface TrafficFiles {
  /** The numbers, four bytes each, in the byte order of the machine. */
  readonly numbers: string
  /** Lines of a number, a tab and its ETag; empty when requests are not conditional. */
  readonly etags: string
}

/** Writes the traffic for wrk.lua into `directory`. */
export const writeTraffic = async (traffic: Traffic, directory: string): Promise<TrafficFiles> => {
  const files = { numbers: join(directory, 'numbers'), etags: join(directory, 'etags') }
  const { buffer, byteOffset, byteLength } = traffic.numbers
  await writeFile(files.numbers, Buffer.from(buffer, byteOffset, byteLength))
  const lines = [...(traffic.etags ?? [])].map(([number, etag]) => `${number}\t${etag}\n`)
  await writeFile(files.etags, lines.join(''))
  return files
}
