import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { activated, type HeldSockets, holdSockets } from '../deploy/local/held-sockets.ts'
import type { TestDatabase } from './database.ts'
import { startLoad } from './deploy/open-load.ts'
import type { Bundles } from './lib/bundles.ts'
import { sharedBundles } from './lib/shared-bundles.ts'
import { createCatalogueDatabase } from './lib/catalogue.ts'

let database: TestDatabase
let bundles: Bundles
let held: HeldSockets
const started: ChildProcess[] = []

beforeAll(async () => {
  bundles = await sharedBundles()
  database = await createCatalogueDatabase()
  held = await holdSockets(1)
})
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})
afterAll(async () => {
  await held.release()
  await database.drop()
})

const socket = () => held.sockets[0] ?? { fd: -1, port: -1 }
const url = () => `http://127.0.0.1:${socket().port}`

/** Starts the server with the held socket as its descriptor 3, as systemd does. */
const start = (env: Record<string, string> = {}, wrap = activated, fd = socket().fd) => {
  const { file, args } = wrap(process.execPath, [join(bundles.dir, 'server.js')])
  const child = spawn(file, args, {
    env: { PATH: process.env['PATH'], DATABASE_URL: database.url, DRAIN_NOTICE_MS: '200', ...env },
    stdio: ['ignore', 'pipe', 'pipe', fd],
  })
  started.push(child)
  return child
}

const isReady = async (at = url()) =>
  (await fetch(`${at}/readyz`).catch(() => undefined))?.status === 200

const end = async (child: ChildProcess) => {
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
}

describe('a server whose socket somebody else holds', () => {
  it('answers there, whatever HOST and PORT say', async () => {
    start({ HOST: '203.0.113.7', PORT: '1' })

    await expect.poll(() => isReady()).toBe(true)
  })

  it('is replaced five times under load without refusing or losing a request', async () => {
    let server = start()
    await expect.poll(() => isReady()).toBe(true)
    let sent = 0
    const load = startLoad(url(), 100, () => `/products/${(sent++ % 3) + 1}`, {
      keepAlive: false,
    })
    for (let restart = 0; restart < 5; restart += 1) {
      await end(server)
      server = start()
      await expect.poll(() => isReady()).toBe(true)
    }
    const outcomes = await load.stop()

    expect(outcomes.length).toBeGreaterThan(100)
    expect(outcomes.filter(({ status }) => status !== 200)).toEqual([])
  })

  it('has connections wait for it while there is none', async () => {
    const server = start()
    await expect.poll(() => isReady()).toBe(true)
    await end(server)
    const waiting = fetch(`${url()}/products/1`)
    start()

    expect((await waiting).status).toBe(200)
  })
})

describe('LISTEN_FDS', () => {
  const withVariables = (variables: string) => (file: string, args: readonly string[]) => ({
    file: 'sh',
    args: ['-c', `export ${variables}; exec "$0" "$@"`, file, ...args],
  })

  it('is ignored when LISTEN_PID names another process', async () => {
    const server = start({ PORT: '0' }, withVariables('LISTEN_FDS=1 LISTEN_PID=1'))
    let said = ''
    server.stdout?.on('data', (chunk: Buffer) => (said += String(chunk)))
    const own = () => /"url":"([^"]+)".*"msg":"listening"/.exec(said)?.[1]
    await expect.poll(own).toBeDefined()

    expect(own()).not.toBe(url())
    expect(await isReady(own())).toBe(true)
  })

  it('is refused when it announces several sockets', async () => {
    const server = start({}, withVariables('LISTEN_FDS=2 LISTEN_PID=$$'))
    const said = text(server.stderr ?? process.stdin)

    expect(await once(server, 'exit')).toEqual([1, null])
    expect(await said).toContain(
      'LISTEN_FDS is "2": expected 1, a socket unit with one ListenStream',
    )
  })

  it('is refused when the descriptor is no socket', async () => {
    const file = openSync('package.json', 'r')
    const server = start({}, activated, file)
    const said = text(server.stdout ?? process.stdin)

    expect(await once(server, 'exit')).toEqual([1, null])
    expect(await said).toContain('expected descriptor 3, which LISTEN_FDS announces, to be a TCP')
    closeSync(file)
  })
})
