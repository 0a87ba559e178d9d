/** Loads under way, at most one for each key. */
export interface Loads<T> {
  readonly underWay: (key: string) => Promise<T> | undefined
  /** Begins a load that all who ask for the key join until it ends. */
  readonly begin: (key: string, load: () => Promise<T>) => Promise<T>
  /** Nobody joins the loads that have begun so far for these keys, or for any, and what they bring is not kept. */
  readonly disown: (isConcerned?: (key: string) => boolean) => void
}

/** A load in the map; it lets go of what it brings when it ends. */
interface Load<T> {
  promise: Promise<T> | undefined
}

/** `keep` is given what a load brought, unless the load was disowned meanwhile. */
export const createLoads = <T>(keep: (key: string, value: T) => void): Loads<T> => {
  const loads = new Map<string, Load<T>>()

  const begin = (key: string, load: () => Promise<T>): Promise<T> => {
    const entry: Load<T> = { promise: undefined }
    loads.set(key, entry)
    const promise = run(key, load, entry)
    entry.promise = promise
    return promise
  }
  const run = async (key: string, load: () => Promise<T>, entry: Load<T>): Promise<T> => {
    const isOwned = () => loads.get(key) === entry
    try {
      const value = await load()
      if (isOwned()) keep(key, value)
      return value
    } finally {
      if (isOwned()) loads.delete(key)
      // V8 makes a Map that shrinks and grows anew, and each discarded table keeps the next one alive until the old space is
      // collected, with what lay in it by then: replies that were sent long ago were copied by every collection.
      entry.promise = undefined
    }
  }
  return {
    underWay: (key) => loads.get(key)?.promise,
    begin,
    disown: (isConcerned = () => true) => {
      for (const key of loads.keys()) if (isConcerned(key)) loads.delete(key)
    },
  }
}
