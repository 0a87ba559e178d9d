import runAutocannon from 'autocannon'
import type { Generator } from './load.ts'
import { requestsFrom } from './traffic.ts'

/** For machines without wrk. It shares the machine less modestly: its figures compare with each other only. */
export const autocannon: Generator = {
  name: 'autocannon (wrk is not installed; it needs several times its CPU, so all figures are lower)',
  run: async ({ origin, traffic, start, seconds, connections }) => {
    const next = requestsFrom(traffic, start)
    const result = await runAutocannon({
      url: origin,
      connections,
      duration: seconds,
      requests: [
        {
          setupRequest: (request) => {
            const { path, etag } = next()
            return {
              ...request,
              path,
              headers: etag === undefined ? {} : { 'if-none-match': etag },
            }
          },
        },
      ],
    })
    return {
      requests: result.requests.total,
      seconds: result.duration,
      bytes: result.throughput.total,
      p50Ms: result.latency.p50,
      p99Ms: result.latency.p99,
      failed: result['4xx'] + result['5xx'] + result.errors + result.timeouts,
    }
  },
}
