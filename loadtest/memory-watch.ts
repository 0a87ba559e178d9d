/** When a run looks at the memory of processes, and which growth it takes for a leak. */
export interface MemoryWatch {
  /** Caches fill and the heap settles first: what grows after this is a leak. */
  readonly warmUpS: number
  readonly readEveryS: number
  /** Megabytes a minute; undefined when a slope says nothing, because the run is too short. */
  readonly slopeMax: number | undefined
}

/**
 * What a sound process may gain while it is watched. At 75 requests/s its heap is collected as a whole every minute or two, and
 * grows by up to 45 MB in between: within a few minutes such a tooth looks like a slope.
 */
const soundGrowthMb = 45
/** What is watched for less, in a run of less than a minute and a half, has a slope of anything. */
const watchedMinS = 60

/** For a run of a length: a leak of 1 MB a minute shows in 55 minutes, one of 34 in two. */
export function memoryWatchOf(totalS: number): MemoryWatch {
  const warmUpS = Math.min(600, totalS / 3)
  const watchedS = totalS - warmUpS
  return {
    warmUpS,
    readEveryS: Math.max(1, Math.min(10, totalS / 60)),
    slopeMax: watchedS < watchedMinS ? undefined : Math.max(1, (soundGrowthMb * 60) / watchedS),
  }
}
