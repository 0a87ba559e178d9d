/** What "as before" means after a spike: the scenario promises it, the runner times it. */
export const recovery = {
  /** The p99 of every second from then on, as before the spike. */
  p99MsMax: 50,
  /** Seconds after the end of the spike. */
  withinS: 5,
} as const
