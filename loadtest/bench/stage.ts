import type { Catalogue } from './catalogue.ts'
import type { Generator } from './load.ts'
import type { BenchPostgres } from './postgres.ts'

/** What all contestants share while a bench runs. */
export interface Stage {
  readonly postgres: BenchPostgres
  readonly catalogue: Catalogue
  readonly generator: Generator
  /** Absolute; for logs and for the files of servers; emptied at the start of a bench. */
  readonly directory: string
  readonly connections: number
}
