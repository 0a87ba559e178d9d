/** Loads under way, at most one for each key. */
export interface Loads<T> {
  readonly underWay: (key: string) => Promise<T> | undefined
  /** Begins a load that all who ask for the key join until it ends. */
  readonly begin: (key: string, load: () => Promise<T>) => Promise<T>
  /** Nobody joins the loads that have begun so far for these keys, or for any, and what they bring is not kept. */
  readonly disown: (isConcerned?: (key: string) => boolean) => void
}

/** `keep` is given what a load brought, unless the load was disowned meanwhile. */
export const createLoads = <T>(keep: (key: string, value: T) => void): Loads<T> => {
  const loads = new Map<string, Promise<T>>()

  const begin = (key: string, load: () => Promise<T>): Promise<T> => {
    const loading = run(key, load, () => loads.get(key) === loading)
    loads.set(key, loading)
    return loading
  }
  const run = async (key: string, load: () => Promise<T>, isOwned: () => boolean): Promise<T> => {
    try {
      const value = await load()
      if (isOwned()) keep(key, value)
      return value
    } finally {
      if (isOwned()) loads.delete(key)
    }
  }
  return {
    underWay: (key) => loads.get(key),
    begin,
    disown: (isConcerned = () => true) => {
      for (const key of loads.keys()) if (isConcerned(key)) loads.delete(key)
    },
  }
}
