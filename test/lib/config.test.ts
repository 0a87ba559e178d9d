import { describe, expect, it } from 'vitest'
import { readConfig, settings } from '../../lib/config.ts'

const databaseUrl = 'postgres://reader:secret@db.example.com:5433/catalogue'

describe('readConfig', () => {
  it('takes the defaults for what is not set', () => {
    const config = readConfig({ DATABASE_URL: databaseUrl })

    expect(config).toMatchObject({
      databaseUrl,
      replicaUrls: [],
      host: '127.0.0.1',
      port: 3000,
      replyCacheBytesMax: 128 * 1024 * 1024,
      logLevel: 'info',
    })
  })

  it('takes an empty variable for one that is not set', () => {
    const config = readConfig({ DATABASE_URL: databaseUrl, PORT: '', HOST: ' ' })

    expect(config).toMatchObject({ port: 3000, host: '127.0.0.1' })
  })

  it('reads what is set, typed', () => {
    const config = readConfig({
      DATABASE_URL: databaseUrl,
      REPLICA_URLS: 'postgres://a/x, postgresql://b/x',
      PORT: '0',
      HOST: '::1',
      LOG_LEVEL: 'warn',
    })

    expect(config).toMatchObject({
      replicaUrls: ['postgres://a/x', 'postgresql://b/x'],
      port: 0,
      host: '::1',
      logLevel: 'warn',
    })
  })

  it('reports every mistake at once, each with its name, its value and what was expected', () => {
    const env = {
      REPLICA_URLS: 'postgres://a/x,mysql://b',
      PORT: '65536',
      HOST: 'not a host',
      READ_DEADLINE_MS: '1e3',
      LOG_LEVEL: 'loud',
    }

    expect(() => readConfig(env)).toThrow(
      [
        'DATABASE_URL is not set: expected postgres://user:password@host:port/database',
        'REPLICA_URLS is "postgres://a/x,mysql://b": expected urls like postgres://user:password@host:port/database, separated by commas',
        'HOST is "not a host": expected a host name or an IP address',
        'PORT is "65536": expected a whole number from 0 to 65535',
        'READ_DEADLINE_MS is "1e3": expected a whole number from 50 to 60000',
        'LOG_LEVEL is "loud": expected one of fatal, error, warn, info, debug, silent',
      ].join('\n'),
    )
  })

  it('wants a statement to end before the read that it is part of', () => {
    const env = {
      DATABASE_URL: databaseUrl,
      READ_DEADLINE_MS: '500',
      STATEMENT_TIMEOUT_MS: '500',
    }

    expect(() => readConfig(env)).toThrow(
      'STATEMENT_TIMEOUT_MS is "500": expected less than READ_DEADLINE_MS, which is "500"',
    )
  })

  it.each([
    'mysql://user:hunter2@host/db',
    'postgres://user:hunter2@host:port/db',
    'postgres://user:hun@ter2@ho st/db',
    '//user:hunter2@host',
  ])('shows no password of a url that it refuses: %s', (url) => {
    const read = () => readConfig({ DATABASE_URL: url })

    expect(read).toThrow(/DATABASE_URL is/)
    expect(read).not.toThrow(/hun|ter2/)
  })
})

describe('settings', () => {
  it('have names, descriptions and defaults that they accept themselves', () => {
    for (const { name, description, defaultText, parse } of Object.values(settings)) {
      expect(name).toMatch(/^[A-Z][A-Z_]+$/)
      expect(description).toMatch(/^.*\.$/)
      expect(defaultText === undefined || parse(defaultText) !== undefined).toBe(true)
    }
  })

  it('carry their unit in their name when they are a time or a number of bytes', () => {
    const bare = Object.values(settings)
      .map(({ name }) => name)
      .filter((name) => /TIMEOUT|DEADLINE|FRESH|STALE|STALL|POLL|DRAIN|CACHE_/.test(name))
      .filter((name) => !/_(MS|SECONDS|BYTES_MAX)$/.test(name))

    expect(bare).toEqual([])
  })
})
