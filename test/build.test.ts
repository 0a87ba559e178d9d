import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestDatabase } from './database.ts'
import { buildBundles, type OwnBundles } from './lib/bundles.ts'
import { createCatalogueDatabase } from './lib/catalogue.ts'
import { startServer } from './lib/server-process.ts'

const run = promisify(execFile)

let database: TestDatabase
let bundles: OwnBundles

beforeAll(async () => {
  bundles = await buildBundles()
  database = await createCatalogueDatabase()
})
afterAll(async () => {
  await bundles.remove()
  await database.drop()
})

/** A bundle in a folder that holds nothing else. */
const alone = async (bundle: string) => {
  const folder = await mkdtemp(join(bundles.dir, 'alone-'))
  await copyFile(join(bundles.dir, bundle), join(folder, 'only.js'))
  return folder
}

const serveAlone = async (bundle: string) => {
  const server = startServer(
    ['only.js'],
    { DATABASE_URL: database.url, PORT: '0', DRAIN_NOTICE_MS: '0' },
    await alone(bundle),
  )
  const url = await server.url()
  return {
    statusOf: async (path: string) => (await fetch(url + path)).status,
    end: () => {
      server.child.kill('SIGTERM')
      return server.ended
    },
  }
}

describe('the build', () => {
  it('makes a server of at most 250,000 bytes, and prints what each bundle weighs', async () => {
    const { size } = await stat(join(bundles.dir, 'server.js'))

    expect(size).toBeLessThanOrEqual(250_000)
    expect(bundles.printed).toMatch(/server\.js\s+[\d,]+ bytes/)
    expect(bundles.printed).toMatch(/handlers\/product-styles\.js\s+[\d,]+ bytes/)
  })

  it('puts a source map beside each bundle', async () => {
    const names = await readdir(bundles.dir, { recursive: true })
    const scripts = names.filter((name) => name.endsWith('.js'))

    expect(names.filter((name) => name.endsWith('.map'))).toHaveLength(scripts.length)
  })

  it('makes a server that runs alone with only DATABASE_URL', async () => {
    const server = await serveAlone('server.js')

    const statuses = await Promise.all(
      [
        '/',
        '/products',
        '/products?count=400',
        '/products/1',
        '/products/1/styles',
        '/products/1/related',
      ]
        .concat(['/livez', '/readyz', '/metrics'])
        .map(server.statusOf),
    )

    expect(statuses).toEqual(statuses.map(() => 200))
    expect(await server.end()).toEqual({ code: 0, signal: null })
  })

  it('makes a bundle of each endpoint that serves it, and the operations, and nothing else', async () => {
    const server = await serveAlone('handlers/product-styles.js')

    const statuses = await Promise.all(
      ['/products/1/styles', '/readyz', '/livez', '/metrics', '/products/1', '/products'].map(
        server.statusOf,
      ),
    )

    expect(statuses).toEqual([200, 200, 200, 200, 404, 404])
    expect(await server.end()).toEqual({ code: 0, signal: null })
  })

  it('has a bundle for every handler', async () => {
    const handlers = await readdir('handlers')
    const names = await readdir(join(bundles.dir, 'handlers'))

    expect(names.filter((name) => name.endsWith('.js'))).toEqual(
      handlers.map((name) => name.replace('.ts', '.js')),
    )
  })

  it('makes an ETL that runs alone, its SQL inside', async () => {
    const { stdout } = await run(process.execPath, ['only.js', 'releases'], {
      cwd: await alone('etl.js'),
      env: { PATH: process.env['PATH'] ?? '', DATABASE_URL: database.url },
    })

    expect(stdout).toMatch(/live/)
  })
})
