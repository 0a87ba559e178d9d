/** What has been opened, to be closed in the reverse order. */
export interface Closers {
  readonly add: (close: () => Promise<void>) => void
  /** Closes all, each once; one that fails keeps none from being closed, and the first failure is thrown at the end. */
  readonly close: () => Promise<void>
}

export const createClosers = (): Closers => {
  const open: (() => Promise<void>)[] = []
  const close = async () => {
    const failures: unknown[] = []
    for (let last = open.pop(); last !== undefined; last = open.pop()) {
      await last().catch((error: unknown) => failures.push(error))
    }
    if (failures.length > 0) throw failures[0]
  }
  return { add: (one) => void open.push(one), close }
}
