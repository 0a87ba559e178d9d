import type { Stage } from './stage.ts'
import type { Row } from './row.ts'

/** One fault of the table, or a few that belong together: breaks a cluster under load and says what came of it. */
export interface Fault {
  /** R1 to R10. */
  readonly id: string
  readonly title: string
  readonly run: (stage: Stage) => Promise<readonly Row[]>
}
