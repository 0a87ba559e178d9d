/** One piece of work of known size. */
export interface Task {
  /** Says how far it is: `done` of its total, and the rows read so far where it has rows. */
  advance(done: number, rows?: number): void
  end(): void
}

/** Where an import tells how far it is: bars on a terminal, lines elsewhere, JSON for machines, or nowhere. */
export interface Progress {
  begin(name: string, total: number, unit: Unit): Task
  note(message: string): void
  /** Frees the terminal; called once, also after a failure. */
  close(): void
}

export type Unit = 'bytes' | 'rows' | 'products' | 'steps'

/** Says nothing: for tests and for programs that import. */
export const silent: Progress = {
  begin: () => ({ advance: () => {}, end: () => {} }),
  note: () => {},
  close: () => {},
}
