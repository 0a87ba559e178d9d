import { setFlagsFromString } from 'node:v8'

/** By how many percent of what is in use garbage may let the heap grow, before it is collected as a whole. */
const garbagePercentMax = 100

/**
 * V8 lets the heap of a small process grow to a multiple of what is in use, and with it the bodies that only garbage refers to. With
 * this a full cache of 128 MB takes 280 MB of memory instead of 350, at the same rate of requests. V8 looks at the flag each time
 * that it has collected, so it may be set while the process runs.
 */
export const boundGarbage = (): void =>
  setFlagsFromString(`--heap-growing-percent=${garbagePercentMax}`)
