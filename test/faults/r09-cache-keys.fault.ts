import * as fc from 'fast-check'
import type { Fault } from './fault.ts'
import { rawGet } from './raw-get.ts'
import { brokenOf } from './row.ts'
import { type Spelling, spellings } from './spellings.ts'

/** However a request is spelled, whoever asked before, and whichever process answers: one meaning has one body. */
export const cacheKeysFault: Fault = {
  id: 'R9',
  title: 'random spellings of requests with one cache key',
  run: (stage) =>
    stage.withCluster(async ({ url, instances }) => {
      const compare = createComparison()
      let requests = 0
      const ask = async (origin: string, cache: string, spelling: Spelling) => {
        requests += 1
        const { target, acceptEncoding } = spelling
        const headers = acceptEncoding === '' ? {} : { 'accept-encoding': acceptEncoding }
        compare(spelling, cache, await rawGet(origin, target, headers))
      }
      const property = fc.asyncProperty(spellings, async (spelling) => {
        // Twice, so that the second answer may come from a cache.
        for (let time = 0; time < 2; time += 1) await ask(url, 'nginx', spelling)
        if (spelling.isOldPath) return
        for (const instance of instances) await ask(instance.url, 'process', spelling)
      })
      const result = await fc.check(property, { numRuns: stage.isQuick ? 400 : 3_000 })
      return [
        {
          fault: 'R9 requests with one cache key',
          requests,
          failed: result.failed ? 1 : 0,
          bound: 'equal bytes',
          broken: brokenOf([
            result.failed,
            `${JSON.stringify(result.counterexample)}: ${String(result.errorInstance)}`,
          ]),
        },
      ]
    }),
}

type Answer = Awaited<ReturnType<typeof rawGet>>

/**
 * Holds each answer against the first of its kind: status, tag and unpacked body against all of its meaning, the bytes
 * themselves against those of the same cache and encoding. Throws when one differs.
 */
const createComparison = () => {
  const first = new Map<string, string>()
  const hold = (key: string, value: string, what: string) => {
    const before = first.get(key)
    if (before === undefined) first.set(key, value)
    else if (before !== value)
      throw new Error(
        `${what} of ${key}: expected ${before.slice(0, 200)}, came ${value.slice(0, 200)}`,
      )
  }
  return ({ meaning }: Spelling, cache: string, answer: Answer) => {
    const { status, encoding, tag, bytes, body } = answer
    if (status !== 200 && status !== 404) throw new Error(`expected 200 or 404, came ${status}`)
    hold(meaning, String(status), 'status')
    // A problem says which URL was asked for.
    if (status === 404) return
    hold(`${meaning} body`, body.toString('latin1'), 'body')
    hold(`${meaning} tag`, tag, 'tag')
    hold(`${meaning} ${cache} ${encoding}`, bytes.toString('latin1'), 'bytes')
  }
}
