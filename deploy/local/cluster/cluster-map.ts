import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClusterPart } from './cluster-part.ts'
import type { DatabasePart } from './database-part.ts'
import { keepJson } from './kept-json.ts'
import type { NginxPart } from './nginx-part.ts'

/** The parts that are mapped. */
export interface ClusterParts {
  readonly nginx: NginxPart
  /** A start or restart of one resolves when it is ready; connections wait in its socket meanwhile. */
  readonly instances: readonly ClusterPart[]
  /** The primary, then the replicas. */
  readonly databases: readonly DatabasePart[]
}

/** What runs, as it is written down for other programs. A part that is just being started again shows its last pid. */
export interface ClusterMap {
  readonly nginx: MappedPart
  readonly instances: readonly MappedPart[]
  readonly databases: readonly (MappedPart & {
    readonly role: 'primary' | 'replica'
    readonly dataDir: string
  })[]
}

export interface MappedPart {
  readonly url: string
  /** A database's is the postmaster's. */
  readonly pid: number
}

/** What `--status` needs besides. */
export interface StatusMap extends ClusterMap {
  readonly operationsUrl: string
}

/** The map that the cluster of a data folder keeps for itself; undefined when none is there. */
export const readStatusMap = async (dir: string): Promise<StatusMap | undefined> => {
  const text = await readFile(statusFileOf(dir), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : (JSON.parse(text) as StatusMap)
}

/** Files that are written when all runs, whenever another process takes a part's place, and removed at the end. */
export interface KeptMap {
  readonly begin: (parts: ClusterParts) => Promise<void>
  readonly update: () => void
  readonly remove: () => Promise<void>
}

/** Keeps the map of a cluster in its data folder, and in `file` when one is wanted. */
export const keepMap = (dir: string, file: string | undefined): KeptMap => {
  let parts: ClusterParts | undefined
  const files = [
    keepJson(statusFileOf(dir), () => parts && statusMapOf(parts)),
    ...(file === undefined ? [] : [keepJson(file, () => parts && mapOf(parts))]),
  ]
  const write = async () => {
    if (parts !== undefined) await Promise.all(files.map((kept) => kept.write()))
  }
  return {
    begin: (all) => {
      parts = all
      return write()
    },
    update: () => void write().catch((error: Error) => console.error(error.message)),
    remove: async () => {
      parts = undefined
      await Promise.all(files.map((kept) => kept.remove()))
    },
  }
}

const statusFileOf = (dir: string) => join(dir, 'cluster.json')

const mapOf = ({ nginx, instances, databases }: ClusterParts): ClusterMap => ({
  nginx: mapped(nginx),
  instances: instances.map(mapped),
  databases: databases.map(({ role, dataDir, ...part }) => ({ role, ...mapped(part), dataDir })),
})

const statusMapOf = (parts: ClusterParts): StatusMap => ({
  ...mapOf(parts),
  operationsUrl: parts.nginx.operationsUrl,
})

const mapped = ({ url, pid }: Pick<ClusterPart, 'url' | 'pid'>): MappedPart => ({
  url,
  pid: pid(),
})
