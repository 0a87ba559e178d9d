import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Hono } from 'hono'
import { pino } from 'pino'
import { afterAll, beforeAll } from 'vitest'
import { createApp } from '../../app.ts'
import { type Config, readConfig } from '../../lib/config.ts'
import { createDoor } from '../../lib/door.ts'
import { createHttpServer } from '../../lib/http-server.ts'
import { openServices, type Services } from '../../lib/services.ts'
import type { TestDatabase } from '../database.ts'
import { type CatalogueLines, createCatalogueDatabase } from './catalogue.ts'

/** The app and what it stands on, without a server. */
export interface TestService {
  readonly app: Hono
  readonly services: Services
  readonly config: Config
}

export type Settings = Readonly<Record<string, string>>

/** Opens the service as server.ts does, with settings as they stand in the environment. */
export const openTestService = async (
  databaseUrl: string,
  settings: Settings = {},
): Promise<TestService> => {
  const config = readConfig({ DATABASE_URL: databaseUrl, ...settings })
  const services = openServices(config, pino({ level: 'silent' }))
  await services.start()
  return { app: createApp(services), services, config }
}

/** The service over a database of its own for all tests of a file; tests call `request(path)`. */
export const useTestService = (lines?: CatalogueLines, settings?: Settings) => {
  let database: TestDatabase
  let service: TestService
  beforeAll(async () => {
    database = await createCatalogueDatabase(lines)
    service = await openTestService(database.url, settings)
  })
  afterAll(async () => {
    await service.services.close()
    await database.drop()
  })
  return {
    request: async (path: string, init?: RequestInit) => service.app.request(path, init),
    databaseUrl: () => database.url,
    service: () => service,
  }
}

/** The same behind its HTTP server, on a free port of this machine. */
export const useListeningService = (lines?: CatalogueLines, settings?: Settings) => {
  const used = useTestService(lines, settings)
  let server: Server
  beforeAll(async () => {
    const { app, services } = used.service()
    server = createHttpServer(createDoor(app, services)).listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  return { ...used, port: () => (server.address() as AddressInfo).port }
}
