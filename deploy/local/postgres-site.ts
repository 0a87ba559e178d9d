import { createHash } from 'node:crypto'
import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type PostgresAccount,
  findSystemUser,
  namespaceAccount,
  ownAccount,
  passesTests,
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
 * Finds a way to run PostgreSQL with its data in `dir` (absolute; made when missing). As root it tries a user
 * namespace first, then another user, who gets copies outside of a home that is closed to him.
 */
export const chooseSite = async (dir: string): Promise<PostgresSite> => {
  await mkdir(dir, { recursive: true })
  const uid = process.getuid?.()
  if (uid === undefined)
    throw new Error(`there is no embedded PostgreSQL for ${process.platform}: set DATABASE_URL`)
  return uid === 0 ? siteOfRoot(dir) : siteOfUser(dir, uid)
}

const siteOfUser = async (dir: string, uid: number): Promise<PostgresSite> => ({
  account: ownAccount(uid, process.getgid?.() ?? uid),
  binaries: await usableBinaries(dir),
  dataDir: join(dir, 'data'),
})

const siteOfRoot = async (dir: string): Promise<PostgresSite> => {
  const binaries = await usableBinaries(sharedDir)
  const user = findSystemUser()
  const account = namespaceAccount(user)
  const initdb = programPath(binaries, 'initdb')
  const works = passesTests(account, [
    ['-x', initdb],
    ['-w', dir],
  ])
  return works
    ? { account, binaries, dataDir: join(dir, 'data') }
    : siteOfSwitchedRoot(dir, binaries, switchedAccount(user))
}

const siteOfSwitchedRoot = async (
  dir: string,
  binaries: PostgresBinaries,
  account: PostgresAccount,
): Promise<PostgresSite> => {
  // Others may pass through, which a folder of mkdtemp forbids, but not look around.
  await chmod(dir, 0o711)
  const canRun = passesTests(account, [['-x', programPath(binaries, 'initdb')]])
  const canEnter = passesTests(account, [['-x', dir]])
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
