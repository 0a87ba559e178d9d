import { join } from 'node:path'
import { type NodeServer, startNodeServer } from './node-server.ts'
import type { Stage } from './stage.ts'
import { typicalPath, type Workload } from './workloads.ts'

/** Starts one process of the service, as `npm run build` made it, with its defaults, but for what the workload says of caches. */
export const startService = (
  { directory, catalogue }: Stage,
  { caches, replyCacheBytesMax }: Pick<Workload, 'caches' | 'replyCacheBytesMax'>,
  instance = 1,
): Promise<NodeServer> => {
  const cacheBytesMax = caches === 'off' ? 0 : replyCacheBytesMax
  return startNodeServer({
    name: 'product-overview',
    args: ['dist/server.js'],
    log: join(directory, `product-overview-${instance}.log`),
    env: {
      DATABASE_URL: catalogue.databaseUrl,
      // Clients are gone when a round ends: nobody has to be told that the process is leaving.
      DRAIN_NOTICE_MS: '0',
      ...(cacheBytesMax !== undefined && { REPLY_CACHE_BYTES_MAX: `${cacheBytesMax}` }),
    },
    path: typicalPath(catalogue),
  })
}
