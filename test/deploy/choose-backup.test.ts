import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const run = promisify(execFile)

/** What the AWS CLI says of the marks: three nights, oldest first. */
const marks = `2026-11-20T02:41:10+00:00\tbackups/base/2026-11-20T02-30-00Z.complete
2026-11-21T02:41:10+00:00\tbackups/base/2026-11-21T02-30-00Z.complete
2026-11-22T02:41:10+00:00\tbackups/base/2026-11-22T02-30-00Z.complete
`

async function choose(listing: string, ...moment: string[]): Promise<string> {
  const running = run('deploy/postgres/choose-backup', moment)
  running.child.stdin?.end(listing)
  return (await running).stdout.trim()
}

describe('the backup that a restore begins with', () => {
  it('is the newest one when no moment is asked for', async () => {
    expect(await choose(marks)).toBe('2026-11-22T02-30-00Z.tar.gz')
  })

  it('is the newest before the moment, and not the newest of all, which cannot go back', async () => {
    expect(await choose(marks, '2026-11-21 20:00:00+00')).toBe('2026-11-21T02-30-00Z.tar.gz')
  })

  it('was complete by the moment, not only begun', async () => {
    expect(await choose(marks, '2026-11-21 02:35:00+00')).toBe('2026-11-20T02-30-00Z.tar.gz')
  })

  it('goes by the zone of the moment', async () => {
    expect(await choose(marks, '2026-11-21 03:35:00+01')).toBe('2026-11-20T02-30-00Z.tar.gz')
  })

  it('is none before the first: says when that was', async () => {
    await expect(choose(marks, '2026-11-19 20:00:00+00')).rejects.toThrow(
      'complete by 2026-11-19 20:00:00+00, the oldest is of 2026-11-20T02:41:10+00:00',
    )
  })

  it('is none in an empty bucket', async () => {
    await expect(choose('None\n')).rejects.toThrow('complete by now, the oldest is of never')
  })

  it('is none for what is no time', async () => {
    await expect(choose(marks, 'yesteryear')).rejects.toThrow('invalid date')
  })
})
