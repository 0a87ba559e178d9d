import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../../local/embedded-postgres.ts'
import { etl, generateSample } from '../sample.ts'
import type { Site } from '../site.ts'
import type { Step } from '../step.ts'
import { summary, underLoad } from '../under-load.ts'

/** Ids that the load asks for exist in both shops. */
const products = 1200
const seed = 9
const digestFile = new URL('../../postgres/digest.sql', import.meta.url)

export const push: Step = {
  name: 'push',
  proves:
    "the operator's own catalogue, pushed through Session Manager under load, is the same in the stack, and readers get it; no GET fails",
  run: async ({ site: openSite }) => {
    const site = await openSite()
    const dir = await mkdtemp(join(tmpdir(), 'rehearsal-operator-'))
    const server = await startEmbeddedPostgres({ dir, durable: false })
    try {
      const env = { ...process.env, DATABASE_URL: server.url }
      await etl(['import', await generateSample(products, seed)], env)
      const seen = await underLoad(site, 'push', async () => {
        await site.operator('push-catalogue', [], { databaseUrl: server.url })
      })
      const tables = await expectSameDigests(site, server.url)
      const release = await expectReaders(site)
      return `${tables} tables are equal; readers get release ${release}; ${summary(seen)}`
    } finally {
      await server.stop()
      await removeEmbeddedPostgres(server, dir)
    }
  },
}

/** Counts the tables of the live release, after comparing them with those of the operator's. */
async function expectSameDigests({ machines }: Site, databaseUrl: string): Promise<number> {
  const { stdout } = await machines.pg1.run(
    '. /opt/product-overview/current/deploy/postgres/environment && as_postgres psql -XAtq -f /opt/product-overview/current/deploy/postgres/digest.sql catalog',
  )
  const there = contents(stdout.trim().split('\n'))
  const here = contents(await digest(databaseUrl))
  if (here.length === 0 || here.join() !== there.join()) {
    throw new Error(`expected the tables\n${here.join('\n')}\ncame\n${there.join('\n')}`)
  }
  return here.length
}

/** What digest.sql prints in psql: its first statement writes one for each table. */
async function digest(connectionString: string): Promise<string[]> {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    const [statement = ''] = (await readFile(digestFile, 'utf8')).split('\\gexec')
    const { rows } = await client.query<{ format: string }>(statement)
    const lines: string[] = []
    for (const { format } of rows) {
      const found = await client.query<string[]>({ text: format, rowMode: 'array' })
      lines.push(...found.rows.map((row) => row.join('|')))
    }
    return lines
  } finally {
    await client.end()
  }
}

/** The tables of the release without its number. The list's anchors, and what catalog remembers, may differ for equal ones. */
const contents = (lines: readonly string[]): string[] =>
  lines
    .filter((line) => /^release_\d+\.(?!list_anchor)/.test(line))
    .map((line) => line.replace(/^release_\d+\./, ''))

/** The release that NGINX gives out, which must be the live one. */
async function expectReaders({ machines }: Site): Promise<string> {
  const { stdout: live } = await machines.pg1.run(
    ". /opt/product-overview/current/deploy/postgres/environment && as_postgres psql -XAtqc 'select release from catalog.live' catalog",
  )
  const { stdout: given } = await machines.nginx.run(
    "curl -s -o /dev/null -w '%header{x-catalog-release}' http://127.0.0.1/products/1",
  )
  if (given.trim() !== live.trim()) {
    throw new Error(`expected readers to get release ${live.trim()}, came ${given.trim()}`)
  }
  return given.trim()
}
