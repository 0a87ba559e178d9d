/** One plot over time: what the page hands to the browser. */
export interface Chart {
  readonly title: string
  /** Written on the left axis. */
  readonly unit: string
  /** Latencies span from 0.1 ms to seconds: on a straight scale only the worst is seen. */
  readonly logarithmic?: boolean
  /** Draws on over a missed sample; otherwise a gap says that nothing was measured. */
  readonly joined?: boolean
  /** Said in place of the plot when there are no lines. */
  readonly instead?: string
  /** Seconds since the load began, ascending. */
  readonly atS: readonly number[]
  /** Where the time axis ends: at one place in all plots of a run, which are read one below the other. */
  readonly endS: number
  readonly lines: readonly Line[]
  readonly spans: readonly Span[]
}

export interface Line {
  readonly label: string
  readonly values: readonly (number | null)[]
}

/** A stretch of time that is named and shaded. */
export interface Span {
  readonly label: string
  readonly fromS: number
  readonly toS: number
}
