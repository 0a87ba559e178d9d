import { MultiBar } from 'cli-progress'
import { formatDone, formatRate } from './progress-format.ts'
import type { Progress, Unit } from './progress.ts'

/** A bar for each piece of work, for a terminal. */
export function progressBars(stream: NodeJS.WriteStream): Progress {
  const bars = new MultiBar({
    stream,
    format: '{name} {bar} {percentage}%  {done}  {rate}  {left}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    fps: 8,
    hideCursor: true,
    emptyOnZero: true,
    autopadding: true,
    gracefulExit: false,
  })

  return {
    begin(name, total, unit) {
      const startedMs = performance.now()
      const bar = bars.create(total, 0, describe(name, 0, 0, unit, total, startedMs))
      let rows = 0
      let done = 0
      return {
        advance(doneNow, rowsNow = 0) {
          rows = rowsNow
          done = doneNow
          bar.update(done, describe(name, done, rows, unit, total, startedMs))
        },
        end() {
          bar.update(total, describe(name, total, rows, unit, total, startedMs))
          bar.stop()
        },
      }
    },
    note(message) {
      bars.log(`${message}\n`)
    },
    close() {
      bars.stop()
    },
  }
}

function describe(
  name: string,
  done: number,
  rows: number,
  unit: Unit,
  total: number,
  startedMs: number,
) {
  const seconds = (performance.now() - startedMs) / 1000
  const leftSeconds = done > 0 ? Math.ceil((seconds * (total - done)) / done) : undefined
  return {
    name: name.padEnd(20),
    done: formatDone(done, rows, unit),
    rate: formatRate(done, rows, unit, seconds),
    left: leftSeconds === undefined || done >= total ? '' : `${leftSeconds} s left`,
  }
}
