import type { Step } from '../step.ts'

const postgres = '/opt/product-overview/current/deploy/postgres'

export const backup: Step = {
  name: 'backup',
  proves:
    'a base backup and the WAL after it, from the bucket, restore the catalogue with equal digests',
  run: async ({ site: openSite }) => {
    const { pg1 } = (await openSite()).machines
    await pg1.run('systemctl start product-overview-backup.service')
    // Written after the base backup: only the archived WAL has it.
    await pg1.run(
      `. ${postgres}/environment && as_postgres psql -Xq catalog -c 'create table catalog.after_backup as select 1 as only_in_wal'`,
    )
    const { stdout } = await pg1.run(`${postgres}/verify-backup`)
    await pg1.run(
      `. ${postgres}/environment && as_postgres psql -Xq catalog -c 'drop table catalog.after_backup'`,
    )
    return stdout.trim().split('\n').join('; ')
  },
}
