import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { askAll } from './ask-all.ts'
import { startChild } from './child.ts'
import { findFreePort } from './free-port.ts'
import { openConnection } from './http-connection.ts'
import { costOf } from './process-cost.ts'
import type { Footprint } from './results.ts'
import { startService } from './service.ts'
import type { Stage } from './stage.ts'
import { requestBytes } from './traffic.ts'
import { typicalPath } from './workloads.ts'

const idleMs = 3_000
const starts = 10
const startMsMax = 20_000

/** How long the service takes to start and how much it takes up, beside what the build said of itself. */
export const measureFootprint = async (
  stage: Stage,
  buildSeconds: readonly number[],
): Promise<Footprint> => {
  const firstAnswerMs: number[] = []
  for (let start = 0; start < starts; start++) firstAnswerMs.push(await timeFirstAnswer(stage))
  const { child, origin } = await startService(stage, { caches: 'on' })
  try {
    await sleep(idleMs)
    const idle = await costOf([child.pid])
    const numbers = stage.catalogue.byPopularity.subarray(0, fillingMax)
    await askAll(origin, { template: '/products/{}/styles', numbers }, stage.connections)
    const full = (await isCacheFull(origin)) ? await costOf([child.pid]) : undefined
    return {
      firstAnswerMs,
      bundleBytes: statSync('dist/server.js').size,
      buildSeconds,
      ...(idle && { idleRssBytes: idle.rssBytes }),
      ...(full && { fullCacheRssBytes: full.rssBytes }),
    }
  } finally {
    await child.stop()
  }
}

/** Twice as many styles documents as fit. */
const fillingMax = 150_000
const cacheBytesMax = 128 * 1024 * 1024
const fullShare = 0.95

const isCacheFull = async (origin: string) => {
  const metrics = await (await fetch(`${origin}/metrics`)).text()
  const bytes = Number(/^product_overview_reply_cache_bytes (\S+)$/m.exec(metrics)?.[1])
  return bytes >= fullShare * cacheBytesMax
}

// From the start of the process to the first 200 of a product, asked for again every millisecond until it listens.
const timeFirstAnswer = async ({ catalogue, directory }: Stage): Promise<number> => {
  const port = await findFreePort()
  const origin = `http://127.0.0.1:${port}`
  const request = requestBytes(
    { path: typicalPath(catalogue), etag: undefined },
    `127.0.0.1:${port}`,
  )
  const begin = performance.now()
  const child = await startChild({
    command: process.execPath,
    args: ['dist/server.js'],
    env: { NODE_ENV: 'production', DATABASE_URL: catalogue.databaseUrl, PORT: `${port}` },
    log: join(directory, 'first-answer.log'),
  })
  try {
    while ((await ask(origin, request)) !== 200) {
      if (performance.now() - begin > startMsMax) throw new Error(child.lastWords())
      await sleep(1)
    }
    return performance.now() - begin
  } finally {
    await child.stop()
  }
}

const ask = async (origin: string, request: string): Promise<number> => {
  const connection = await openConnection(origin).catch(() => undefined)
  if (connection === undefined) return 0
  const status = await new Promise<number>((resolve) => connection.ask(request, resolve))
  connection.close()
  return status
}
