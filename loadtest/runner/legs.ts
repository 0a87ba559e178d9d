/** A k6 scenario of a run: what it was called, and when it sent. */
export interface Leg {
  readonly name: string
  readonly startS: number
  readonly endS: number
}

interface K6Scenario {
  readonly startTime?: string | null
  readonly duration?: string | null
  readonly stages?: readonly { readonly duration: string }[] | null
}

/** Reads when each scenario of a script sends from the JSON of `k6 inspect`, in order of time. */
export function legsOf(inspected: string): Leg[] {
  const { scenarios } = JSON.parse(inspected) as { scenarios: Record<string, K6Scenario> }
  return Object.entries(scenarios)
    .map(([name, { startTime, duration, stages }]) => {
      const startS = secondsOf(startTime ?? '0s')
      const stagesS = (stages ?? []).reduce((sum, stage) => sum + secondsOf(stage.duration), 0)
      return { name, startS, endS: startS + secondsOf(duration ?? '0s') + stagesS }
    })
    .toSorted((a, b) => a.startS - b.startS || b.endS - a.endS)
}

const unitS: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 0.001 }

/** Seconds of a duration as k6 and Go write it: "90s", "1m30s", "4.5s", "500ms". */
export function secondsOf(duration: string): number {
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== duration) {
    throw new Error(`expected a duration like 90s, 5m or 1h30m, came "${duration}"`)
  }
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * (unitS[unit ?? ''] ?? 0), 0)
}
