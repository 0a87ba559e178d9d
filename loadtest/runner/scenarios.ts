/** A script of loadtest/scenarios/ and what the command line says about it. */
export interface ScenarioEntry {
  readonly name: string
  readonly about: string
  /** What --rate means here; undefined when the rates are the scenario's own. */
  readonly rate?: string
  /** The share of answers that are checked when nothing else is said. */
  readonly checkedShare: number
  /** What it must see of the service besides its answers: /metrics of processes, or the CPU of every part. */
  readonly sees?: 'metrics' | 'cpu'
}

const usualRate = 'requests a second'
const usualChecks = 0.05

export const scenarios: readonly ScenarioEntry[] = [
  {
    name: 'smoke',
    about: 'Seconds of light traffic; every answer is checked.',
    rate: usualRate,
    checkedShare: 1,
  },
  {
    name: 'average',
    about: 'An ordinary day: nothing may fail and nothing may be slow.',
    rate: usualRate,
    checkedShare: usualChecks,
  },
  {
    name: 'stress',
    about: 'A sale: up to four times the rate of an ordinary day, and held there.',
    rate: 'requests a second of an ordinary day',
    checkedShare: usualChecks,
  },
  {
    name: 'spike',
    about: 'Ten times the base within seconds, on one product above all, and back.',
    rate: 'requests a second of the base',
    checkedShare: usualChecks,
  },
  {
    name: 'soak',
    about:
      'Hours of an ordinary day; fails when memory goes on growing. A --target must serve /metrics.',
    rate: usualRate,
    checkedShare: usualChecks,
    sees: 'metrics',
  },
  {
    name: 'breakpoint',
    about: 'Climbs a stair of rates until a promise breaks, and says the capacity.',
    rate: 'requests a second of the first step',
    checkedShare: usualChecks,
  },
  {
    name: 'headline',
    about: 'What is claimed for the two known designs, at their own rates.',
    checkedShare: usualChecks,
  },
  {
    name: 'costs',
    about: 'What each part pays for each kind of answer, on this machine; size reckons with it.',
    rate: usualRate,
    checkedShare: usualChecks,
    sees: 'cpu',
  },
]
