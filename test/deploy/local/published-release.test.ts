import { describe, expect, it } from 'vitest'
import { publishedRelease } from '../../../deploy/local/published-release.ts'
import { createDatabase, runStatement } from '../../database.ts'
import { openTestService } from '../../lib/service.ts'

describe('publishedRelease', () => {
  it('knows none in an empty database, and changes nothing there', async () => {
    const database = await createDatabase()

    expect(await publishedRelease(database.url)).toBeUndefined()
    await runStatement(database.url, 'create schema catalog')
    await database.drop()
  })

  it('makes the catalogue of a former version one that the server can read', async () => {
    const database = await createDatabase({ template: 'sample' })
    await runStatement(
      database.url,
      'drop table catalog.change_horizon; drop table catalog.change_total; drop index catalog.change_listed',
    )

    const found = await publishedRelease(database.url)
    const { app, services } = await openTestService(database.url)
    const response = await app.request(`/products/${found?.firstProductId}`)

    expect(found?.release).toBe(1)
    expect(response.status).toBe(200)
    await services.close()
    await database.drop()
  })
})
