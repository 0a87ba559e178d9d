import type { Running } from './contestant.ts'
import { runningAlone } from './node-server.ts'
import { startPeer } from './peers.ts'
import { fillRedis, startRedis } from './redis.ts'
import type { Stage } from './stage.ts'
import type { Workload } from './workloads.ts'

/** Starts design 2 with an empty Redis or one that holds what the workload wants; without any when caches are off. */
export const startDesign2 = async (
  stage: Stage,
  { caches, wanted }: Workload,
): Promise<Running> => {
  if (caches === 'off') return runningAlone(await startPeer(stage, 'design-2'))
  const redis = await startRedis(stage)
  if (wanted) await fillRedis(redis, stage.catalogue.releaseUrl, wanted(stage.catalogue))
  const server = await startPeer(stage, 'design-2', { REDIS_URL: redis.url })
  return {
    ...runningAlone(server),
    helperPids: [redis.child.pid],
    stop: async () => {
      await server.child.stop()
      await redis.child.stop()
    },
  }
}
