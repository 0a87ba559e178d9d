import { Hono } from 'hono'
import type { Services } from '../lib/services.ts'

/** Says that the process runs and its event loop turns. It never asks the database: a restart would not mend that. */
export const livez = (_services: Services) =>
  new Hono().get('/livez', (c) => c.json({ status: 'live' }, 200, { 'cache-control': 'no-store' }))
