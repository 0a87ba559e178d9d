import { createHash } from 'node:crypto'
import { chmod, mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { LocalError } from './local-error.ts'
import {
  type PostgresAccount,
  findSystemUser,
  namespaceAccount,
  ownAccount,
  reaches,
  switchedAccount,
} from './postgres-account.ts'
import {
  type PostgresBinaries,
  completeBinaries,
  copyBinaries,
  findPostgresBinaries,
  programPath,
} from './postgres-binaries.ts'

/** Where PostgreSQL's programs and data stand on this machine, and as whom they run. */
export interface PostgresSite {
  readonly account: PostgresAccount
  readonly binaries: PostgresBinaries
  /** The data folder; inside the asked-for folder unless PostgreSQL cannot get there. */
  readonly dataDir: string
}

// Root's own place, so nobody else can put programs there; used only where PostgreSQL cannot enter our folders.
const sharedDir = '/var/lib/product-overview'

/**
 * Finds a way to run PostgreSQL with its data in `dir` (absolute; made when missing). As root it runs data that is there
 * already as the owner, else tries a user namespace, else another user, who gets copies outside of a closed home.
 */
export const chooseSite = async (dir: string): Promise<PostgresSite> => {
  await mkdir(dir, { recursive: true })
  const uid = process.getuid?.()
  if (uid === undefined)
    throw new LocalError(
      `there is no embedded PostgreSQL for ${process.platform}: set DATABASE_URL`,
    )
  return uid === 0 ? siteOfRoot(dir) : siteOfUser(dir, uid)
}

const siteOfUser = async (dir: string, uid: number): Promise<PostgresSite> => ({
  account: ownAccount(uid, process.getgid?.() ?? uid),
  binaries: await usableBinaries(dir),
  dataDir: join(dir, 'data'),
})

const siteOfRoot = async (dir: string): Promise<PostgresSite> => {
  const binaries = await usableBinaries(sharedDir)
  const dataDir = join(dir, 'data')
  const user = findSystemUser()
  // Changing the owner would lock a user out of the folder in which root has started PostgreSQL once.
  const owner = await stat(dataDir).catch(() => undefined)
  const account =
    owner === undefined || owner.uid === 0
      ? namespaceAccount(user)
      : switchedAccount({ name: `uid ${owner.uid}`, uid: owner.uid, gid: owner.gid })
  return reaches(account, [programPath(binaries, 'initdb'), dir])
    ? { account, binaries, dataDir }
    : siteOfSwitchedRoot(dir, binaries, switchedAccount(user))
}

const siteOfSwitchedRoot = async (
  dir: string,
  binaries: PostgresBinaries,
  account: PostgresAccount,
): Promise<PostgresSite> => {
  // Others may pass through, which a folder of mkdtemp forbids, but not look around.
  await chmod(dir, 0o711)
  const canRun = reaches(account, [programPath(binaries, 'initdb')])
  const canEnter = reaches(account, [dir])
  return {
    account,
    binaries: canRun ? binaries : await copyBinaries(binaries, sharedDir),
    dataDir: join(canEnter ? dir : join(sharedDir, nameOf(dir)), 'data'),
  }
}

const usableBinaries = async (copyParent: string) => {
  const binaries = await findPostgresBinaries()
  return (await completeBinaries(binaries)) ? binaries : copyBinaries(binaries, copyParent)
}

const nameOf = (dir: string) => createHash('sha256').update(dir).digest('hex').slice(0, 12)
