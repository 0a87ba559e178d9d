import type { Machine } from '../machine.ts'
import type { Site } from '../site.ts'
import type { Step } from '../step.ts'

const postgres = '/opt/product-overview/current/deploy/postgres'

export const backup: Step = {
  name: 'backup',
  proves:
    'a base backup and the WAL after it, from the bucket, restore the catalogue with equal digests',
  run: async ({ site: openSite }) => {
    const { machines } = await openSite()
    const primary = await primaryOf(machines)
    await primary.run('systemctl start product-overview-backup.service')
    // Written after the base backup: only the archived WAL has it.
    await primary.run(
      `. ${postgres}/environment && as_postgres psql -Xq catalog -c 'create table catalog.after_backup as select 1 as only_in_wal'`,
    )
    const { stdout } = await primary.run(`${postgres}/verify-backup`)
    await primary.run(
      `. ${postgres}/environment && as_postgres psql -Xq catalog -c 'drop table catalog.after_backup'`,
    )
    return stdout.trim().split('\n').join('; ')
  },
}

/** Whichever node is the primary when this step is run. */
async function primaryOf({ pg1, pg2 }: Site['machines']): Promise<Machine> {
  const { stdout } = await pg1.run(`${postgres}/node-state`, { mayFail: true })
  return stdout.startsWith('primary') ? pg1 : pg2
}
