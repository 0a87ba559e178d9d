import { setTimeout as sleep } from 'node:timers/promises'
import type { Machine } from '../machine.ts'
import type { Step } from '../step.ts'
import { summary, underLoad } from '../under-load.ts'

const postgres = '/opt/product-overview/current/deploy/postgres'
const streamSecondsMax = 30

export const promote: Step = {
  name: 'promote',
  proves:
    'the replica becomes the primary under load with what was written last, the old primary refuses to come back, and is rebuilt as a replica',
  run: async ({ site: openSite }) => {
    const site = await openSite()
    const { pg1, pg2 } = site.machines
    await write(pg1, 'create table public.written ()')
    const seen = await underLoad(site, 'promotion', async () => {
      await site.operator('promote', [])
      const refused = await pg1.run(`${postgres}/check-role`, { mayFail: true })
      if (refused.code === 0) throw new Error('the old primary would start beside the new one')
      await site.operator('rebuild-replica', [])
    })
    await expectStreaming(pg2)
    await write(pg2, 'drop table public.written')
    return summary(seen)
  },
}

const write = (primary: Machine, statement: string) =>
  primary.run(`. ${postgres}/environment && as_postgres psql -Xq catalog -c '${statement}'`)

/** The primary sends to the other node, and that has what it sent. */
async function expectStreaming(primary: Machine): Promise<void> {
  for (let second = 0; second < streamSecondsMax; second += 1) {
    const { stdout } = await primary.run(
      `. ${postgres}/environment && as_postgres psql -XAtqc "select state from pg_stat_replication"`,
    )
    if (stdout.trim() === 'streaming') return
    await sleep(1000)
  }
  throw new Error(`no replica streams within ${streamSecondsMax} s`)
}
