import { formatDone, formatRate } from './progress-format.ts'
import type { Progress, Unit } from './progress.ts'

const lineEveryMs = 5000

/** A line every few seconds for each piece of work and one at its end, for logs. */
export function progressLines(write: (line: string) => void): Progress {
  return eventProgress(({ name, done, rows, total, unit, seconds, ended }) => {
    const share = total > 0 ? `${Math.floor((100 * done) / total)}%` : ''
    const parts = [
      ended ? `${name}: done` : `${name}: ${share}`,
      formatDone(done, rows, unit),
      formatRate(done, rows, unit, seconds),
      `${seconds.toFixed(1)} s`,
    ]
    write(parts.join(', '))
  }, write)
}

/** The same as JSON, one object a line: `{"task","done","rows","total","unit","seconds","ended"}` or `{"note"}`. */
export function progressJson(write: (line: string) => void): Progress {
  return eventProgress(
    ({ name, ...event }) => write(JSON.stringify({ task: name, ...event })),
    (note) => write(JSON.stringify({ note })),
  )
}

interface ProgressEvent {
  name: string
  done: number
  rows: number
  total: number
  unit: Unit
  seconds: number
  ended: boolean
}

function eventProgress(
  report: (event: ProgressEvent) => void,
  note: (message: string) => void,
): Progress {
  return {
    begin(name, total, unit) {
      const startedMs = performance.now()
      let saidMs = startedMs
      let rows = 0
      const say = (done: number, ended: boolean) =>
        report({ name, done, rows, total, unit, seconds: secondsSince(startedMs), ended })
      return {
        advance(done, rowsNow = 0) {
          rows = rowsNow
          if (performance.now() - saidMs < lineEveryMs) return
          saidMs = performance.now()
          say(done, false)
        },
        end: () => say(total, true),
      }
    },
    note,
    close: () => {},
  }
}

const secondsSince = (startedMs: number) => Math.round(performance.now() - startedMs) / 1000
