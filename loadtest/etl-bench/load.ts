import type { Cost } from './observe.ts'
import type { FileName } from './source-folders.ts'

/** How one file was loaded. */
export interface FileLoad {
  readonly rows: number
  readonly bytes: number
  readonly seconds: number
}

/** One run of either side. */
export interface Load extends Cost {
  readonly files: Readonly<Record<FileName, FileLoad>>
}

export interface ImportLoad extends Load {
  /** How many seconds connections were busy with each phase. */
  readonly phases: Readonly<Record<string, number>>
}
