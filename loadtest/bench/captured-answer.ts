import { writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { startService } from './service.ts'
import type { Stage } from './stage.ts'
import { typicalPath } from './workloads.ts'

/** What node-constant sends: names and values of headers in turn, and a body. */
interface CapturedAnswer {
  readonly headers: readonly string[]
  readonly notModifiedHeaders: readonly string[]
  readonly body: string
}

/** Writes the bytes with which the service answers for the typical product, and says in which file. */
export const captureAnswer = async (stage: Stage): Promise<string> => {
  const { child, origin } = await startService(stage, { caches: 'on' })
  try {
    const url = `${origin}${typicalPath(stage.catalogue)}`
    const whole = await get(url)
    const etag = whole.headers[whole.headers.findIndex((name) => /^etag$/i.test(name)) + 1] ?? ''
    const notModified = await get(url, { 'if-none-match': etag })
    if (whole.status !== 200 || notModified.status !== 304) {
      throw new Error(
        `expected 200 and 304 from ${url}, came ${whole.status} and ${notModified.status}`,
      )
    }
    const file = join(stage.directory, 'answer.json')
    const answer: CapturedAnswer = {
      headers: whole.headers,
      notModifiedHeaders: notModified.headers,
      body: whole.body,
    }
    await writeFile(file, JSON.stringify(answer))
    return file
  } finally {
    await child.stop()
  }
}

// Those that Node writes by itself.
const connectionHeaders = /^(date|connection|keep-alive)$/i

const get = (url: string, headers: Record<string, string> = {}) =>
  new Promise<{ status: number; headers: string[]; body: string }>((resolve, reject) => {
    request(url, { headers }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => (body += text))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: withoutConnectionHeaders(response.rawHeaders),
          body,
        }),
      )
    })
      .on('error', reject)
      .end()
  })

const withoutConnectionHeaders = (raw: readonly string[]) =>
  raw.filter((_, place) => !connectionHeaders.test(raw[place - (place % 2)] ?? ''))
