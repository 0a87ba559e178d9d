import { readFile, readdir } from 'node:fs/promises'

// Linux reports process times in USER_HZ, which is 100 on every architecture Node runs on.
const ticksPerSecond = 100
const microsPerTick = 1_000_000 / ticksPerSecond

/** A point in the life of a process tree. */
export interface Cost {
  /** CPU time spent so far, user and system, of the root and of all below it, ended children included. */
  readonly cpuMicros: number
  /** Resident memory now, summed over the tree; memory that the processes share counts several times. */
  readonly rssBytes: number
}

/** Process times are read from /proc, so only Linux has them; elsewhere the bench leaves those columns empty. */
export const canMeasureCost = process.platform === 'linux'

/** What the process trees with these roots have cost so far; undefined where it cannot be known. */
export const costOf = async (roots: readonly number[]): Promise<Cost | undefined> => {
  if (!canMeasureCost) return undefined
  const all = await readProcesses()
  const trees = [...treesOf(all, roots)]
  const rss = await Promise.all(trees.map(({ pid }) => readRss(pid)))
  return {
    cpuMicros: trees.reduce((sum, { ticks }) => sum + ticks, 0) * microsPerTick,
    rssBytes: rss.reduce((sum, bytes) => sum + bytes, 0),
  }
}

export interface ProcessTimes {
  readonly pid: number
  readonly parent: number
  /** Its own time and that of its children which have ended and were waited for. */
  readonly ticks: number
}

/** Reads one line of /proc/<pid>/stat (proc(5)). The name stands in brackets and may hold blanks and brackets itself. */
export const parseStat = (line: string): ProcessTimes => {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  const [utime, stime, cutime, cstime] = fields.slice(11, 15).map(Number)
  return {
    pid: Number.parseInt(line, 10),
    parent: Number(fields[1]),
    ticks: (utime ?? 0) + (stime ?? 0) + (cutime ?? 0) + (cstime ?? 0),
  }
}

/** The processes with these ids and everything below them, each once. */
export const treesOf = (
  all: readonly ProcessTimes[],
  roots: readonly number[],
): Set<ProcessTimes> => {
  const found = new Set(all.filter(({ pid }) => roots.includes(pid)))
  // A set's iterator also meets what is added on the way: grandchildren follow their parents.
  for (const { pid } of found) {
    for (const child of all.filter(({ parent }) => parent === pid)) found.add(child)
  }
  return found
}

/** The parent of process `pid`, provided that it is here and its name is `name`. */
export const parentOf = async (pid: number, name: string): Promise<number | undefined> => {
  const line = await readProc(`${pid}/stat`)
  return line.includes(`(${name})`) ? parseStat(line).parent : undefined
}

const readProcesses = async () => {
  const entries = await readdir('/proc')
  const lines = await Promise.all(
    entries.filter((name) => /^\d+$/.test(name)).map((pid) => readProc(`${pid}/stat`)),
  )
  return lines.filter((line) => line !== '').map(parseStat)
}

const readRss = async (pid: number) => {
  const status = await readProc(`${pid}/status`)
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024
}

// A process may end between the listing and the reading.
const readProc = (path: string) => readFile(`/proc/${path}`, 'utf8').catch(() => '')
