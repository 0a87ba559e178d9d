import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { progressBars } from '../../etl/progress-bars.ts'
import { progressJson, progressLines } from '../../etl/progress-lines.ts'
import type { Progress } from '../../etl/progress.ts'

/** What a progress says of a file of 100 MB with 1,000,000 rows of which a quarter is read every 4 s. */
const readAFile = (progress: Progress) => {
  const file = progress.begin('skus.csv', 100e6, 'bytes')
  for (const quarter of [1, 2, 3]) {
    vi.advanceTimersByTime(4000)
    file.advance(quarter * 25e6, quarter * 250_000)
  }
  vi.advanceTimersByTime(4000)
  file.end()
}

describe('progress in a log', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
  afterEach(() => void vi.useRealTimers())

  it('is a line every five seconds and more, and one at the end', () => {
    const lines: string[] = []

    readAFile(progressLines((line) => lines.push(line)))

    expect(lines).toEqual([
      'skus.csv: 50%, 500,000 rows, 62,500 rows/s 6.3 MB/s, 8.0 s',
      'skus.csv: done, 750,000 rows, 46,875 rows/s 6.3 MB/s, 16.0 s',
    ])
  })

  it('is an object a line for machines, notes too', () => {
    const lines: string[] = []
    const progress = progressJson((line) => lines.push(line))

    readAFile(progress)
    progress.note('release 3 was left unfinished')

    const task = { task: 'skus.csv', total: 100e6, unit: 'bytes' }
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { ...task, done: 50e6, rows: 500_000, seconds: 8, ended: false },
      { ...task, done: 100e6, rows: 750_000, seconds: 16, ended: true },
      { note: 'release 3 was left unfinished' },
    ])
  })
})

describe('progress on a terminal', () => {
  it('is a line for each piece of work, with its rates and the time left', async () => {
    const terminal = Object.assign(new PassThrough(), { isTTY: true, columns: 160, rows: 40 })
    const progress = progressBars(terminal as unknown as NodeJS.WriteStream)
    const file = progress.begin('skus.csv', 100e6, 'bytes')
    progress.begin('documents', 10_000, 'products').advance(5000)
    await sleep(200)
    file.advance(25e6, 250_000)
    await sleep(200)
    progress.close()

    const shown = stripVTControlCharacters(String(terminal.read()))
    expect(shown).toMatch(
      /skus\.csv +█+░+ +25% +250,000 rows +[\d,]+ rows\/s [\d.,]+ MB\/s +\d+ s left/,
    )
    expect(shown).toMatch(/documents +█+░+ +50% +5,000 products +[\d,]+ products\/s/)
  })
})
