import { readFileSync } from 'node:fs'

/** What runs in a local cluster, as `npm run cluster -- --map FILE` keeps it written down. */
export interface ClusterMap {
  readonly nginx: Process
  readonly instances: readonly Process[]
  readonly databases: readonly (Process & { readonly role: 'primary' | 'replica' })[]
}

interface Process {
  readonly url: string
  readonly pid: number
}

/** Reads the map; undefined while the file is not there or not yet whole. */
export function readClusterMap(file: string): ClusterMap | undefined {
  try {
    const map = JSON.parse(readFileSync(file, 'utf8')) as Partial<ClusterMap>
    const { nginx, instances, databases } = map
    if (nginx === undefined || !instances?.length || databases === undefined) return undefined
    return { nginx, instances, databases }
  } catch {
    return undefined
  }
}
