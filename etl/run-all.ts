import type { Pool } from 'pg'
import type { Progress } from './progress.ts'

/** Runs statements that do not depend on each other, as many at once as the pool has connections. */
export async function runAll(
  { pool, progress }: { pool: Pool; progress: Progress },
  name: string,
  statements: readonly string[],
): Promise<void> {
  const task = progress.begin(name, statements.length, 'steps')
  let done = 0
  await Promise.all(
    statements.map(async (statement) => {
      await pool.query(statement)
      task.advance(++done)
    }),
  )
  task.end()
}
