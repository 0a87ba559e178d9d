import { progressBars } from '../progress-bars.ts'
import { progressJson, progressLines } from '../progress-lines.ts'
import type { Progress } from '../progress.ts'

/** Bars on a terminal, lines on standard error elsewhere, JSON lines on standard output when asked for. */
export function progressFor(json: boolean): Progress {
  if (json) return progressJson(console.log)
  if (process.stderr.isTTY) return progressBars(process.stderr)
  return progressLines(console.error)
}
