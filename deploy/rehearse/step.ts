import type { Site } from './site.ts'

/** What steps share; made when the first one needs it, taken down at the end. */
export interface Rehearsal {
  /** The running deployment: machines, network, AWS played by moto. */
  readonly site: () => Promise<Site>
  /** A build to release; `dist/` is built when there is none. */
  readonly dist?: string | undefined
}

/** One part of the rehearsal. `run` gives a line of what was proven, and throws when it was not. */
export interface Step {
  readonly name: string
  readonly proves: string
  readonly run: (rehearsal: Rehearsal) => Promise<string>
}
