import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { costOf, parseStat } from '../bench/process-cost.ts'
import { databaseUrl } from './database.ts'
import type { BenchServer } from './server.ts'
import { type Work, workOf, works } from './work.ts'

const sampleEveryMs = 100
const microsPerTick = 10_000

/** What a run has cost, beside its time. */
export interface Cost {
  readonly seconds: number
  /** Of the process that was started. */
  readonly processCpuSeconds: number
  readonly processRssBytesMax: number
  /** Of all processes of PostgreSQL. */
  readonly postgresCpuSeconds: number
  /** The same by kind of work, as far as samples tell it apart. */
  readonly postgresCpuSecondsBy: Readonly<Record<Work, number>>
  readonly tempBytesMax: number
  readonly walBytes: number
}

/** Runs `work`, which starts a process and settles with its end, and looks at it and at PostgreSQL ten times a second. */
export const observe = async (
  server: BenchServer,
  work: (onStart: (pid: number) => void) => Promise<void>,
): Promise<Cost> => {
  const client = new Client(databaseUrl(server, 'postgres'))
  await client.connect()
  try {
    const samples = new Samples(client)
    await samples.take()
    const [lsn, cpuMicros] = [await walPosition(client), await postgresMicros(server)]
    const startedMs = performance.now()
    let ended = false
    const working = work((pid) => (samples.processPid = pid)).finally(() => (ended = true))
    const sampling = (async () => {
      while (!ended) {
        await samples.take()
        await sleep(sampleEveryMs)
      }
    })()
    await working
    const seconds = (performance.now() - startedMs) / 1000
    await sampling
    return {
      seconds,
      ...samples.result(),
      postgresCpuSeconds: ((await postgresMicros(server)) - cpuMicros) / 1e6,
      walBytes: await walBytesSince(client, lsn),
    }
  } finally {
    await client.end()
  }
}

const postgresMicros = async ({ postmasterPid }: BenchServer) =>
  (await costOf([postmasterPid]))?.cpuMicros ?? Number.NaN

const walPosition = async (client: Client) => {
  const { rows } = await client.query<{ lsn: string }>('select pg_current_wal_insert_lsn() as lsn')
  return rows[0]?.lsn ?? ''
}

const walBytesSince = async (client: Client, lsn: string) => {
  const { rows } = await client.query<{ bytes: string }>(
    'select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), $1) as bytes',
    [lsn],
  )
  return Number(rows[0]?.bytes)
}

interface Backend {
  readonly pid: number
  readonly type: string
  readonly query: string
  /** The same for all backends of a sample. */
  readonly temp: string
}

const backends = `
  select pid, backend_type as type, coalesce(query, '') as query,
         (select coalesce(sum(size), 0) from pg_ls_tmpdir()) as temp
  from pg_stat_activity where pid <> pg_backend_pid()`

class Samples {
  processPid: number | undefined
  readonly #client: Client
  readonly #seenMicros = new Map<number, number>()
  readonly #by = Object.fromEntries(works.map((work) => [work, 0])) as Record<Work, number>
  #tempBytesMax = 0
  #process = { processCpuSeconds: 0, processRssBytesMax: 0 }
  #first = true

  constructor(client: Client) {
    this.#client = client
  }

  async take(): Promise<void> {
    this.#lookAtProcess()
    const { rows } = await this.#client.query<Backend>(backends)
    for (const backend of rows) this.#lookAtBackend(backend)
    this.#tempBytesMax = Math.max(this.#tempBytesMax, Number(rows[0]?.temp ?? 0))
    this.#first = false
  }

  result() {
    return {
      ...this.#process,
      postgresCpuSecondsBy: this.#by,
      tempBytesMax: this.#tempBytesMax,
    }
  }

  #lookAtProcess(): void {
    if (this.processPid === undefined) return
    const micros = microsOf(this.processPid)
    const peak = /^VmHWM:\s+(\d+) kB/m.exec(readProc(`${this.processPid}/status`))?.[1]
    // What has just ended has no memory any more.
    if (micros === undefined || peak === undefined) return
    this.#process = { processCpuSeconds: micros / 1e6, processRssBytesMax: Number(peak) * 1024 }
  }

  /** What a backend has used since the last sample counts for what it is doing now. */
  #lookAtBackend({ pid, type, query }: Backend): void {
    const micros = microsOf(pid)
    if (micros === undefined) return
    const before = this.#seenMicros.get(pid) ?? (this.#first ? micros : 0)
    this.#by[workOf(type, query)] += (micros - before) / 1e6
    this.#seenMicros.set(pid, micros)
  }
}

const microsOf = (pid: number) => {
  const line = readProc(`${pid}/stat`)
  return line === '' ? undefined : parseStat(line).ticks * microsPerTick
}

// A process may end between the listing and the reading.
const readProc = (path: string) => {
  try {
    return readFileSync(`/proc/${path}`, 'utf8')
  } catch {
    return ''
  }
}
