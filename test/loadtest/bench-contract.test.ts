import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { randomStream } from '../../loadtest/random.ts'
import { contestants } from '../../loadtest/bench/contestants.ts'
import { setCommand } from '../../loadtest/bench/redis.ts'
import { sameButForPhotos } from '../../loadtest/bench/same-but-for-photos.ts'
import { shuffled } from '../../loadtest/bench/shuffle.ts'
import { mixedWith, workloads } from '../../loadtest/bench/workloads.ts'

const peers = join('loadtest', 'peers')

const catalogue = {
  products: 10_000,
  databaseUrl: '',
  releaseUrl: '',
  typicalId: 7,
  byPopularity: shuffled(
    Int32Array.from({ length: 10_000 }, (_, place) => place + 1),
    randomStream(1, 0),
  ),
}

describe('the contestants', () => {
  it('that are programs of Node have their packages locked', () => {
    const programs = readdirSync(peers).filter((name) => existsSync(join(peers, name, 'server.js')))

    expect(programs).toHaveLength(5)
    for (const name of programs) {
      expect(existsSync(join(peers, name, 'package-lock.json'))).toBe(true)
      expect(readFileSync(join(peers, name, 'package.json'), 'utf8')).toContain('"private": true')
    }
  })

  it('stand first in every workload when they are ours, for ratios are against the first', () => {
    for (const workload of workloads) {
      const [first = 'pgbench'] = workload.contestants

      expect(contestants[first].title).toMatch(/^this service/)
    }
  })
})

const styles = (photos: string[], name = 'Red') =>
  JSON.stringify({ product_id: '1', results: [{ name, photos: photos.map((url) => ({ url })) }] })

describe('an excuse for photos', () => {
  it('covers their order and their repetition', () => {
    expect(sameButForPhotos(styles(['b', 'a', 'b', 'a']), styles(['a', 'b']))).toBe(true)
  })

  it('covers neither a missing photo nor anything else', () => {
    expect(sameButForPhotos(styles(['a']), styles(['a', 'b']))).toBe(false)
    expect(sameButForPhotos(styles(['a'], 'Blue'), styles(['a']))).toBe(false)
  })
})

const shareOf = (numbers: Int32Array, isCounted: (id: number) => boolean) =>
  numbers.filter(isCounted).length / numbers.length

describe('a traffic', () => {
  it('asks for popular products as often as Zipf says', () => {
    const zipf = workloads.find(({ name }) => name === 'styles-zipf')
    const [first] = catalogue.byPopularity
    const mass = Array.from({ length: 10_000 }, (_, place) => (place + 1) ** -0.9)
    const total = mass.reduce((sum, share) => sum + share, 0)

    const numbers = zipf?.traffic(catalogue).numbers ?? new Int32Array(1)

    expect(shareOf(numbers, (id) => id === first)).toBeCloseTo(1 / total, 2)
  })

  it('with a share of misses asks for that share outside of the hot products', () => {
    const workload = mixedWith(0.25)
    const hot = new Set(workload.wanted?.(catalogue))

    const { numbers } = workload.traffic(catalogue)

    expect(shareOf(numbers, (id) => !hot.has(id))).toBeCloseTo(0.25, 2)
  })

  it('of the last pages ends with the last page', () => {
    const deep = workloads.find(({ name }) => name === 'list-deep')

    const pages = new Set(deep?.traffic(catalogue).numbers)

    expect(Math.max(...pages)).toBe(2000)
    expect(Math.min(...pages)).toBe(1801)
  })
})

describe('the protocol of Redis', () => {
  it('gives lengths in bytes', () => {
    expect(setCommand('k', 'ä')).toBe('*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$2\r\nä\r\n')
  })
})
