import { randomUUID } from 'node:crypto'
import { chmod, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import type { TestProject } from 'vitest/node'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../deploy/local/embedded-postgres.ts'
import { generateCatalogue } from '../etl/generate.ts'
import { importCatalogue } from '../etl/import.ts'
import { closeTemplate, newDatabase } from './database.ts'
import { makeRunFolder } from './run-folder.ts'
import { sample } from './sample.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The server on which test files make their databases: see test/database.ts. */
    postgresUrl: string
    /** A database with the published sample, to be copied. */
    sampleDatabase: string
    /** How the names of other databases to be copied begin. */
    templatePrefix: string
    /** See test/once-for-run.ts. */
    sharedDir: string
    /** See test/sample.ts. */
    sampleDir: string
  }
}

/**
 * Once for a run: a PostgreSQL (TEST_DATABASE_URL when it is set, else the embedded one in a temporary folder), the sample
 * catalogue, and a database that holds it, made by the production import.
 */
export default async function setup(project: TestProject) {
  const dir = await makeRunFolder()
  const restoreTmpdir = await ownTmpdir(dir)
  const server = await findServer(join(dir, 'postgres'))
  const template = await createSampleDatabase(server.url, join(dir, 'sample'))
  const templatePrefix = `test_template_${randomUUID().slice(0, 8)}`
  const sharedDir = join(dir, 'shared')
  const emptyShared = async () => {
    await dropTemplates(server.url, templatePrefix)
    await rm(sharedDir, { recursive: true, force: true })
    await mkdir(sharedDir)
  }
  await emptyShared()
  project.provide('postgresUrl', server.url)
  project.provide('templatePrefix', templatePrefix)
  project.provide('sampleDatabase', template.name)
  project.provide('sampleDir', join(dir, 'sample'))
  project.provide('sharedDir', sharedDir)
  // In watch mode the sources of what was made for the run before may have changed.
  project.onTestsRerun(emptyShared)
  return async () => {
    await template.drop()
    await dropTemplates(server.url, templatePrefix)
    await server.stop()
    restoreTmpdir()
    await rm(dir, { recursive: true, force: true })
  }
}

/** What tests and the programs that they start leave in the temporary folder, above all when they fail, goes with the run. */
const ownTmpdir = async (dir: string) => {
  const before = process.env['TMPDIR']
  const own = join(dir, 'tmp')
  await mkdir(own)
  // Programs of tests may run as another user, who has to pass through.
  for (const folder of [dir, own]) await chmod(folder, 0o711)
  process.env['TMPDIR'] = own
  return () => {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  }
}

const findServer = async (dir: string) => {
  const url = process.env['TEST_DATABASE_URL']
  return url === undefined ? startServer(dir) : { url, stop: () => Promise.resolve() }
}

const dropTemplates = async (serverUrl: string, prefix: string) => {
  const client = new Client(serverUrl)
  await client.connect()
  const { rows } = await client.query<{ datname: string }>(
    'select datname from pg_database where starts_with(datname, $1)',
    [prefix],
  )
  for (const { datname } of rows) await client.query(`drop database ${datname} with (force)`)
  await client.end()
}

const startServer = async (dir: string) => {
  const server = await startEmbeddedPostgres({ dir, durable: false })
  const stop = async () => {
    await server.stop()
    await removeEmbeddedPostgres(server, dir)
  }
  return { url: server.url, stop }
}

const createSampleDatabase = async (serverUrl: string, dir: string) => {
  await generateCatalogue({ ...sample, outDir: dir })
  const { name, url, drop } = await newDatabase(serverUrl, 'template0')
  const summary = await importCatalogue({
    databaseUrl: url,
    dir,
    rejectsDir: join(dir, 'rejects'),
    // Among 300 products the planted rejects weigh more than among a million.
    gates: { rejectedShareMax: 1, orphanShareMax: 1 },
  })
  if (!summary.published) throw new Error(`the sample was refused: ${summary.refusals.join('; ')}`)
  await closeTemplate(serverUrl, name)
  return { name, drop }
}
