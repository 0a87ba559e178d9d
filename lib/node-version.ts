/** The oldest line of Node that still gets security fixes (20 ended in April 2026). */
const supportedMajorMin = 22
/** Newer lines that ended all the same: odd ones are kept for half a year. */
const endedMajors: ReadonlySet<number> = new Set([23, 25])

/** What to say at start about a Node that nobody patches any more; undefined when there is nothing to say. */
export const unsafeNodeWarning = (version: string): string | undefined => {
  const major = Number(/^v(\d+)/.exec(version)?.[1])
  return major < supportedMajorMin || endedMajors.has(major)
    ? `Node ${version} gets no security fixes any more: deploy on an even one from 24 up`
    : undefined
}
