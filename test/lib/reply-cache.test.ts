import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { foundReply, type Reply } from '../../lib/reply.ts'
import { createReplyCache, type LoadReply, type ReplyCacheOptions } from '../../lib/reply-cache.ts'

const reply = (text: string): Reply => foundReply(text, 1, 'public')

const load = (text: string) => () => Promise.resolve({ reply: reply(text) })

const failing = () => Promise.reject(new Error('no database'))

/** A load that ends when the test says so. */
const heldLoad = () => {
  let resolve!: (text: string) => void
  const loaded = new Promise<string>((settle) => {
    resolve = settle
  })
  return { load: async () => ({ reply: reply(await loaded) }), resolve }
}

const createCache = (options: Partial<ReplyCacheOptions> = {}) => {
  const refreshFailures: unknown[] = []
  const cache = createReplyCache({
    bytesMax: 1_000_000,
    freshMs: 60_000,
    staleMs: 60_000,
    mayKeep: () => true,
    onGet: () => undefined,
    onRefreshFailure: (_, error) => refreshFailures.push(error),
    ...options,
  })
  const textOf = async (key: string, loader: LoadReply) => {
    const found = await cache.get(key, loader)
    return [
      found.reply.identity.body.toString(),
      found.cacheStatus.replace('product-overview; ', ''),
    ]
  }
  return { cache, textOf, refreshFailures }
}

describe('the reply cache', () => {
  it('loads a key once and then gives it without loading', async () => {
    const { cache, textOf } = createCache()

    expect(await textOf('/a', load('one'))).toEqual(['one', 'fwd=miss; stored'])
    expect(await textOf('/a', load('two'))).toEqual(['one', 'hit'])
    expect(cache.fresh('/a')?.identity.body.toString()).toBe('one')
  })

  it('lets all who ask meanwhile wait for one load', async () => {
    const { textOf } = createCache()
    const held = heldLoad()

    const first = textOf('/a', held.load)
    const second = textOf('/a', failing)
    held.resolve('one')

    expect(await first).toEqual(['one', 'fwd=miss; stored'])
    expect(await second).toEqual(['one', 'fwd=miss; collapsed'])
  })

  it('lets a failed load fail all who waited for it, and tries again for the next', async () => {
    const { textOf } = createCache()

    const both = [textOf('/a', failing), textOf('/a', load('one'))]

    await expect(Promise.all(both)).rejects.toThrow('no database')
    expect(await textOf('/a', load('two'))).toEqual(['two', 'fwd=miss; stored'])
  })

  it('keeps nothing of a load that began before it was cleared, and begins another for who asks after', async () => {
    const { cache, textOf } = createCache()
    const old = heldLoad()
    const first = textOf('/a', old.load)

    cache.clear()
    const second = await textOf('/a', load('new'))
    old.resolve('old')

    expect(await first).toEqual(['old', 'fwd=miss; stored'])
    expect(second).toEqual(['new', 'fwd=miss; stored'])
    expect(await textOf('/a', failing)).toEqual(['new', 'hit'])
  })

  it('keeps nothing of a load that began before it was cleared when nobody asked since', async () => {
    const { cache, textOf } = createCache()
    const old = heldLoad()
    const first = textOf('/a', old.load)

    cache.clear()
    old.resolve('old')
    await first

    expect(cache.fresh('/a')).toBeUndefined()
    expect(cache.entries()).toBe(0)
  })

  it('gives a stale reply at once and loads a newer one behind it, once', async () => {
    const { textOf } = createCache({ freshMs: 30 })
    await textOf('/a', load('old'))
    await sleep(40)
    const held = heldLoad()

    expect(await textOf('/a', held.load)).toEqual(['old', 'hit; ttl=-1'])
    expect(await textOf('/a', failing)).toEqual(['old', 'hit; ttl=-1'])
    held.resolve('new')
    await sleep(1)
    expect(await textOf('/a', failing)).toEqual(['new', 'hit'])
  })

  it('does not call a stale reply fresh', async () => {
    const { cache, textOf } = createCache({ freshMs: 20 })
    await textOf('/a', load('old'))
    await sleep(30)

    expect(cache.fresh('/a')).toBeUndefined()
  })

  it('goes on with the stale reply when the load behind it fails, and does not try again at once', async () => {
    const { textOf, refreshFailures } = createCache({ freshMs: 10 })
    await textOf('/a', load('old'))
    await sleep(20)

    await textOf('/a', failing)
    await sleep(1)
    expect(await textOf('/a', failing)).toEqual(['old', 'hit; ttl=-1'])
    await sleep(1)

    expect(refreshFailures).toHaveLength(1)
  })

  it('gives nothing that is older than it may be', async () => {
    const { textOf } = createCache({ freshMs: 10, staleMs: 10 })
    await textOf('/a', load('old'))
    await sleep(30)

    expect(await textOf('/a', load('new'))).toEqual(['new', 'fwd=miss; stored'])
  })

  it('stays within its bytes, and forgets what was not asked for the longest', async () => {
    const { cache, textOf } = createCache({ bytesMax: 10_000 })
    for (const key of ['/a', '/b', '/c', '/d', '/a', '/e', '/f', '/g']) {
      await textOf(key, load('x'.repeat(1000)))

      expect(cache.bytes()).toBeLessThanOrEqual(10_000)
    }

    expect(cache.entries()).toBe(4)
    expect(await textOf('/a', failing)).toEqual(['x'.repeat(1000), 'hit'])
  })

  it('stays within a number of entries too, however small they are', async () => {
    const { cache, textOf } = createCache({ bytesMax: 10_000 })
    for (let n = 0; n < 100; n += 1) await textOf(`/${n}`, load(''))

    expect(cache.entries()).toBe(9)
  })

  it('keeps no reply that is larger than it', async () => {
    const { cache, textOf } = createCache({ bytesMax: 5000 })

    await textOf('/a', load('x'.repeat(5000)))

    expect(cache.entries()).toBe(0)
  })

  it('keeps nothing when it is switched off, says so, and still loads once for all who ask', async () => {
    const { cache, textOf } = createCache({ bytesMax: 0 })
    const held = heldLoad()

    const both = [textOf('/a', held.load), textOf('/a', failing)]
    held.resolve('one')

    expect(await Promise.all(both)).toEqual([
      ['one', 'fwd=miss'],
      ['one', 'fwd=miss; collapsed'],
    ])
    expect(cache.entries()).toBe(0)
  })
})
