import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestPostgres, createDatabase, startPostgres } from './database.ts'
import { readSampleManifest, sample } from './sample.ts'

const ask = async (url: string, statement: string) => {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 1_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return (await client.query<{ answer: string }>(statement)).rows[0]?.answer
  } finally {
    await client.end().catch(() => undefined)
  }
}

describe('createDatabase', () => {
  it('gives every caller an empty UTF-8 database of its own, and takes it away', async () => {
    const [one, other] = await Promise.all([createDatabase(), createDatabase()])

    expect(one.url).not.toBe(other.url)
    expect(await ask(one.url, "select current_setting('server_encoding') as answer")).toBe('UTF8')
    await Promise.all([one.drop(), other.drop()])
    await expect(ask(one.url, 'select 1 as answer')).rejects.toThrow('does not exist')
  })
})

describe('createDatabase with the sample', () => {
  it("holds the published sample, and is its test file's alone", async () => {
    const [one, other] = await Promise.all([
      createDatabase({ template: 'sample' }),
      createDatabase({ template: 'sample' }),
    ])
    const count = 'select count(*)::text as answer from release_1.product'
    await ask(one.url, 'delete from release_1.product')

    expect(await ask(one.url, count)).toBe('0')
    expect(await ask(other.url, count)).toBe(`${sample.products}`)
    await Promise.all([one.drop(), other.drop()])
  })

  it('was made from files whose manifest can be read', async () => {
    const manifest = await readSampleManifest()

    expect(manifest.files['product.csv'].loaded).toBe(sample.products)
  })
})

describe('startPostgres', () => {
  let server: TestPostgres

  beforeAll(async () => {
    server = await startPostgres()
    await ask(server.url, "create table kept as select 'kept' as answer")
  })

  afterAll(() => server.drop())

  it('comes back at the same url with its data after a stop', async () => {
    await server.stop()
    await expect(ask(server.url, 'select answer from kept')).rejects.toThrow('ECONNREFUSED')
    await server.start()

    expect(await ask(server.url, 'select answer from kept')).toBe('kept')
  })

  it('comes back after a kill -9 under open connections', async () => {
    const before = server.pid
    const client = new Client(server.url)
    client.on('error', () => undefined)
    await client.connect()
    await server.kill()
    await server.start()

    expect(server.pid).not.toBe(before)
    expect(await ask(server.url, 'select answer from kept')).toBe('kept')
  })

  it('accepts connections but answers nothing while it is frozen', async () => {
    await server.freeze()
    await expect(ask(server.url, 'select 1 as answer')).rejects.toThrow('timeout')
    await server.thaw()

    expect(await ask(server.url, 'select answer from kept')).toBe('kept')
  })
})
