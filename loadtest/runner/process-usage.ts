import { readFileSync, readdirSync } from 'node:fs'

/** What a process and its descendants have used until now. */
export interface Usage {
  /** CPU seconds, by process: those of a worker that ends are not taken off the others. */
  readonly cpuS: ReadonlyMap<number, number>
  readonly memoryBytes: number
}

/** Every process of the machine at one moment, from /proc; empty where there is none. */
export type ProcessTable = ReadonlyMap<number, { readonly parent: number; readonly cpuS: number }>

// USER_HZ, which is 100 on every Linux that Node runs on.
const ticksPerS = 100

/** Reads all processes at once: workers and database backends come and go while a load runs. */
export function readProcesses(): ProcessTable {
  const processes = new Map<number, { parent: number; cpuS: number }>()
  for (const pid of processIds()) {
    const stat = readProc(`${pid}/stat`)
    // The name in parentheses may hold blanks and parentheses: the fields begin after the last one.
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
    // A zombie has ended: it waits for its parent and holds nothing any more.
    if (fields === undefined || fields[0] === 'Z') continue
    const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number)
    processes.set(pid, { parent: parent ?? 0, cpuS: ((user ?? 0) + (system ?? 0)) / ticksPerS })
  }
  return processes
}

/** The usage of a process with its descendants; undefined when it does not run. */
export function usageOf(root: number, processes: ProcessTable): Usage | undefined {
  if (!processes.has(root)) return undefined
  const pids = [...processes.keys()].filter((pid) => descends(pid, root, processes))
  const cpuS = new Map(pids.map((pid) => [pid, processes.get(pid)?.cpuS ?? 0]))
  return { cpuS, memoryBytes: memoryOf(pids) }
}

/** CPU seconds that the whole machine has been busy since it started; undefined without /proc. */
export function machineCpuS(): number | undefined {
  const [name, ...ticks] = (readProc('stat') ?? '').split('\n', 1)[0]?.split(/\s+/) ?? []
  if (name !== 'cpu') return undefined
  // user, nice, system, idle, iowait, irq, softirq: all but the two of doing nothing.
  const busy = [0, 1, 2, 5, 6].reduce((sum, field) => sum + Number(ticks[field] ?? 0), 0)
  return busy / ticksPerS
}

/** CPU seconds used between two readings. A process that began in between counts from its start. */
export function cpuBetween(before: Usage, after: Usage): number {
  let used = 0
  for (const [pid, cpuS] of after.cpuS) used += cpuS - (before.cpuS.get(pid) ?? 0)
  return used
}

function descends(pid: number, root: number, processes: ProcessTable): boolean {
  for (let one = pid; one > 1; one = processes.get(one)?.parent ?? 0) if (one === root) return true
  return false
}

// Own pages are added up; shared ones (PostgreSQL's buffers, a binary) are counted once, at the most
// that any of the processes has touched.
function memoryOf(pids: readonly number[]): number {
  let own = 0
  let shared = 0
  for (const pid of pids) {
    const status = readProc(`${pid}/status`) ?? ''
    own += bytesOf(status, 'RssAnon')
    shared = Math.max(shared, bytesOf(status, 'RssFile') + bytesOf(status, 'RssShmem'))
  }
  return own + shared
}

function bytesOf(status: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024
}

function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
  } catch {
    return []
  }
}

// A process may end between being listed and being read.
function readProc(file: string): string | undefined {
  try {
    return readFileSync(`/proc/${file}`, 'utf8')
  } catch {
    return undefined
  }
}
