import { Client } from 'pg'
import { beforeEach } from 'vitest'
import type { TestDatabase } from '../database.ts'
import { type CatalogueLines, createCatalogueDatabase } from './catalogue.ts'
import { openTestService, type TestService } from './service.ts'

/** Each test has a service of its own, over a catalogue that nobody has changed yet, and a connection that changes it. */
export const useLiveService = (lines: CatalogueLines) => {
  let database: TestDatabase
  let writer: Client
  let service: TestService
  beforeEach(async () => {
    database = await createCatalogueDatabase(lines)
    writer = new Client(database.url)
    await writer.connect()
    service = await openTestService(database.url)
    return async () => {
      await service.services.close()
      await writer.end()
      await database.drop()
    }
  })
  return {
    service: () => service,
    databaseUrl: () => database.url,
    write: (statement: string) => writer.query(statement),
  }
}
