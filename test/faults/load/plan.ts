/** What a load asks for, and how. */
export interface LoadPlan {
  readonly origin: string
  readonly perSecond: number
  readonly targets: Targets
  /** The part of the requests that ask for a cold target. */
  readonly coldShare: number
  /** The part of the other requests that say which tag they have, where one is remembered. */
  readonly conditionalShare: number
  /** Texts to look for in bodies; then nothing is asked for in a compressed form. At most 30. */
  readonly markers: readonly string[]
}

export interface Targets {
  /** Asked for twice each, then in random order. */
  readonly hot: readonly string[]
  /** Asked for one after the other; from the beginning again when all were. */
  readonly cold: readonly string[]
  /** Those among them that are rightly answered with 404. */
  readonly missing: readonly string[]
}

/** What the generator is told. */
export type LoadOrder =
  | { readonly begin: LoadPlan }
  | { readonly perSecond: number }
  | { readonly stop: true }
