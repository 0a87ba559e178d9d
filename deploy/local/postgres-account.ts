import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { LocalError } from './local-error.ts'

/**
 * As whom PostgreSQL's programs run. They refuse to run as root, so root starts them in one of two ways; any
 * other user starts them as they are.
 */
export interface PostgresAccount {
  /** For messages: "as …". */
  readonly name: string
  /** The owner that data folders must have, as seen from here. */
  readonly uid: number
  readonly gid: number
  /** What to spawn instead of `file args`. */
  readonly wrap: (file: string, args: readonly string[]) => Command
}

export interface Command {
  readonly file: string
  readonly args: readonly string[]
  /** Set when the process is to change its user; only root may. */
  readonly ids: { readonly uid?: number; readonly gid?: number }
}

/** True when a process of this account may enter each of these folders, and run each of these programs. */
export const reaches = (account: PostgresAccount, paths: readonly string[]) => {
  const script = 'for path; do test -x "$path" || exit 1; done'
  const { file, args, ids } = account.wrap('sh', ['-c', script, 'sh', ...paths])
  return spawnSync(file, args, { ...ids, stdio: 'ignore' }).status === 0
}

/** The account of a user who is not root: PostgreSQL runs as that user. */
export const ownAccount = (uid: number, gid: number): PostgresAccount => ({
  name: `uid ${uid}`,
  uid,
  gid,
  wrap: (file, args) => ({ file, args, ids: {} }),
})

/**
 * Root in a user namespace of its own, where it looks like `user`. Files stay root's, so it works below a 0700 home.
 * Containers may forbid it: try `reaches` first.
 */
export const namespaceAccount = (user: SystemUser): PostgresAccount => ({
  name: `root, shown to PostgreSQL as ${user.name} in a user namespace`,
  uid: 0,
  gid: 0,
  wrap: (file, args) => ({
    file: 'unshare',
    args: ['-U', `--map-user=${user.uid}`, `--map-group=${user.gid}`, file, ...args],
    ids: {},
  }),
})

/** Root becoming `user`: works everywhere, but only in folders which that user may enter. */
export const switchedAccount = (user: SystemUser): PostgresAccount => ({
  name: user.name,
  uid: user.uid,
  gid: user.gid,
  wrap: (file, args) => ({ file, args, ids: { uid: user.uid, gid: user.gid } }),
})

export interface SystemUser {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** A user of this machine who is not root: initdb looks its own user up by number and fails when there is none. */
export const findSystemUser = (passwd = readFileSync('/etc/passwd', 'utf8')): SystemUser => {
  const users = passwd
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ uid, gid }) => uid > 0 && gid > 0)
  const named = (wanted: string) => users.find(({ name }) => name === wanted)
  const user = named('postgres') ?? named('nobody') ?? users[0]
  if (user === undefined)
    throw new LocalError(
      'PostgreSQL does not run as root, and /etc/passwd names no other user: add one, or set DATABASE_URL',
    )
  return user
}
