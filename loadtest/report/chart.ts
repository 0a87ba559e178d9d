/** One plot over time: what the page hands to the browser. */
export interface Chart {
  readonly title: string
  /** Written on the left axis. */
  readonly unit: string
  /** Latencies span from 0.1 ms to seconds: on a straight scale only the worst is seen. */
  readonly logarithmic?: boolean
  /** Draws on over a missed sample; otherwise a gap says that nothing was measured. */
  readonly joined?: boolean
  /** Seconds since the load began, ascending. */
  readonly atS: readonly number[]
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
