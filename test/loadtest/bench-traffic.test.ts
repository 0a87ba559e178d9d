import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { requestBytes, requestsFrom, writeTraffic } from '../../loadtest/bench/traffic.ts'

const template = '/products/{}/styles'

describe('the requests of a traffic', () => {
  it('begin anywhere and begin anew after the last', () => {
    const next = requestsFrom({ template, numbers: Int32Array.of(5, 6, 7) }, 1)

    expect([next(), next(), next()].map(({ path }) => path)).toEqual([
      '/products/6/styles',
      '/products/7/styles',
      '/products/5/styles',
    ])
  })

  it('are conditional for the numbers whose ETag is remembered', () => {
    const etags = new Map([[6, 'W/"x"']])
    const next = requestsFrom({ template, numbers: Int32Array.of(5, 6), etags }, 0)

    expect([next(), next()].map((request) => requestBytes(request, 'shop:80'))).toEqual([
      'GET /products/5/styles HTTP/1.1\r\nHost: shop:80\r\n\r\n',
      'GET /products/6/styles HTTP/1.1\r\nHost: shop:80\r\nIf-None-Match: W/"x"\r\n\r\n',
    ])
  })
})

describe('the files of a traffic', () => {
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'traffic-'))
  })
  afterEach(() => rm(directory, { recursive: true }))

  it('hold the numbers, also of a part of a larger list, and the ETags', async () => {
    const numbers = Int32Array.of(1, 2, 3, 4).subarray(1, 3)
    const files = await writeTraffic(
      { template, numbers, etags: new Map([[2, '"a b"']]) },
      directory,
    )

    const bytes = await readFile(files.numbers)
    expect(new Int32Array(new Uint8Array(bytes).buffer)).toEqual(Int32Array.of(2, 3))
    expect(await readFile(files.etags, 'utf8')).toBe('2\t"a b"\n')
  })
})
