import { Client } from 'pg'
import type { BenchServer } from './server.ts'

/** The URL of one database of the server. */
export const databaseUrl = ({ url }: Pick<BenchServer, 'url'>, database: string): string =>
  `${url}/${database}`

/** Gives `work` an empty database and removes it afterwards; nothing of earlier runs is still to be written to disk. */
export const withDatabase = async <T>(
  server: BenchServer,
  work: (url: string) => Promise<T>,
): Promise<T> => {
  const name = 'bench'
  const client = new Client(databaseUrl(server, 'postgres'))
  await client.connect()
  try {
    await client.query(`create database ${name}`)
    await client.query('checkpoint')
    return await work(databaseUrl(server, name))
  } finally {
    await client.query(`drop database if exists ${name} with (force)`)
    await client.end()
  }
}
