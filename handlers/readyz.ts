import { Hono } from 'hono'
import { toResponse } from '../lib/answer.ts'
import { unavailableAnswer } from '../lib/problem.ts'
import type { Services } from '../lib/services.ts'

/** Says whether requests may be sent here: a database answers, a release is published, the process is not about to end. */
export const readyz = (services: Services) =>
  new Hono().get('/readyz', (c) => {
    const obstacle = services.isDraining ? 'the process is ending' : services.follower.obstacle()
    if (obstacle !== undefined) return toResponse(unavailableAnswer(obstacle, '/readyz'))
    const body = { status: 'ready', release: services.follower.release() }
    return c.json(body, 200, { 'cache-control': 'no-store' })
  })
