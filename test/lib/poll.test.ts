import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../lib/config.ts'
import { type Database, openDatabase } from '../../lib/database.ts'
import type { TestDatabase } from '../database.ts'
import { createCatalogueDatabase } from './catalogue.ts'
import { wholeProducts } from './whole-products.ts'

let own: TestDatabase
let database: Database
let writer: Client

beforeAll(async () => {
  own = await createCatalogueDatabase(wholeProducts(9))
  database = openDatabase(own.url, readConfig({ DATABASE_URL: own.url }))
  writer = new Client(own.url)
  await writer.connect()
})
afterAll(async () => {
  await writer.end()
  await database.close()
  await own.drop()
})

const note = async (asked: ReturnType<Database['poll']>) => {
  const { list, snapshot } = await asked
  database.list = list
  database.snapshot = snapshot
}

describe('the version of a list', () => {
  it('is not lost when the database is to begin anew while a poll is under way', async () => {
    for (const name of ['A', 'B', 'C']) {
      await writer.query('update catalog.product set name = $1 where id = 3', [name])
    }
    await note(database.poll())
    await note(database.poll())

    const underWay = database.poll()
    database.snapshot = undefined
    await note(underWay)

    expect(database.list?.changes).toBe(3)
  })
})
