/** One request of a load and what came of it. */
export interface Outcome {
  readonly target: string
  /** Of those that are asked for again and again, or of those that are asked for once. */
  readonly kind: 'hot' | 'cold'
  /** Whether the target had been answered at least twice when this request was due. */
  readonly isWarm: boolean
  /** When it was due, as of the wall clock. */
  readonly dueMs: number
  /** From then until its answer was complete, or it was clear that none would be. */
  readonly tookMs: number
  /** How late the generator itself sent it, which tookMs contains. */
  readonly lateMs: number
  /** 0 when no answer came, or a part of one. */
  readonly status: number
  /** Whether the status is right: a 404 for what does not exist, and for nothing else. */
  readonly isRight: boolean
  /** X-Catalog-Release; 0 without. */
  readonly release: number
  /** Whether Cache-Status says that the answer was past its freshness. */
  readonly isStale: boolean
  readonly hasRetryAfter: boolean
  /** Which of the plan's markers stand in the body, a bit for each. */
  readonly markers: number
}

/** The time that all processes of this machine share, to a fraction of a millisecond. */
export const wallMs = (): number => performance.timeOrigin + performance.now()

/** The whole answer that was asked for: 200, 304, or 404 where that is right. */
export const isGood = ({ status, isRight }: Outcome): boolean =>
  isRight && (status === 200 || status === 304 || status === 404)

/** A refusal as the contract has it. */
export const isRefusal = ({ status, hasRetryAfter }: Outcome): boolean =>
  status === 503 && hasRetryAfter

export const endMs = ({ dueMs, tookMs }: Outcome): number => dueMs + tookMs
