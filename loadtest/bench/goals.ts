import type { ContestantName } from './contestant.ts'
import type { BenchResult, RoundResult } from './results.ts'
import { type Spread, spreadOf } from './statistics.ts'

/** What was aimed at, and what came of it. */
export interface GoalResult {
  readonly work: string
  readonly goal: string
  readonly reached: Spread
  readonly isReached: boolean
}

type Measure = (result: BenchResult) => readonly number[]

interface Goal {
  readonly work: string
  readonly goal: string
  readonly atLeast?: number
  readonly atMost?: number
  readonly measure: Measure
}

/** The goals whose measurements are in this result. They are reported, never asserted: machines differ. */
export const judgeGoals = (result: BenchResult): readonly GoalResult[] =>
  goals.flatMap(({ work, goal, atLeast, atMost, measure }) => {
    const values = measure(result)
    if (values.length === 0) return []
    const reached = spreadOf(values)
    const isReached =
      reached.median >= (atLeast ?? -Infinity) && reached.median <= (atMost ?? Infinity)
    return [{ work, goal, reached, isReached }]
  })

type Pick = (round: RoundResult) => number | undefined

const rate: Pick = (round) => round.requestsPerSecond
const serverCpu: Pick = (round) => round.serverMicros
const postgresCpu: Pick = (round) => round.postgresMicros

const roundsOf = (result: BenchResult, workload: string, contestant: ContestantName) =>
  result.workloads
    .find(({ name }) => name === workload)
    ?.contestants.find(({ name }) => name === contestant)?.rounds ?? []

/** The ratio of two contestants round by round: what slowed the machine in a round slowed both. */
export const pairedRatio = (
  ours: readonly RoundResult[],
  theirs: readonly RoundResult[],
  pick: Pick,
): readonly number[] =>
  ours.flatMap((round, place) => {
    const [mine, other] = [pick(round), theirs[place] && pick(theirs[place])]
    return mine === undefined || !other ? [] : [mine / other]
  })

const against =
  (
    workload: string,
    other: ContestantName,
    pick: Pick,
    ours: ContestantName = 'product-overview',
  ) =>
  (result: BenchResult) =>
    pairedRatio(roundsOf(result, workload, ours), roundsOf(result, workload, other), pick)

const p99At = (workload: string) => (result: BenchResult) =>
  result.rates
    .find(({ name }) => name === workload)
    ?.contestants.find(({ name }) => name === 'product-overview')
    ?.rounds.map(({ p99Ms }) => p99Ms) ?? []

const megabytes = (bytes: number | undefined) => (bytes === undefined ? [] : [bytes / 1e6])

const goals: readonly Goal[] = [
  {
    work: 'styles, cold',
    goal: '≥ 15 × design 1',
    atLeast: 15,
    measure: against('styles-cold', 'design-1', rate),
  },
  {
    work: 'styles, cold',
    goal: '≥ 10 × design 2',
    atLeast: 10,
    measure: against('styles-cold', 'design-2', rate),
  },
  {
    work: 'styles, cold',
    goal: '≥ 0.8 × pgbench',
    atLeast: 0.8,
    measure: against('styles-cold', 'pgbench', rate),
  },
  {
    work: 'styles, Zipf',
    goal: 'CPU ≤ 1.25 × node:http constant',
    atMost: 1.25,
    measure: against('styles-zipf', 'node-constant', serverCpu),
  },
  {
    work: 'styles, hot',
    goal: 'CPU ≤ 1.25 × node:http constant',
    atMost: 1.25,
    measure: against('styles-hot', 'node-constant', serverCpu),
  },
  {
    work: 'styles, Zipf',
    goal: '≥ 4 × design 2, warm Redis',
    atLeast: 4,
    measure: against('styles-zipf', 'design-2', rate),
  },
  {
    work: 'styles, hot',
    goal: '≥ 4 × design 2, warm Redis',
    atLeast: 4,
    measure: against('styles-hot', 'design-2', rate),
  },
  {
    work: '304',
    goal: 'CPU ≤ 1.1 × node:http constant',
    atMost: 1.1,
    measure: against('not-modified', 'node-constant', serverCpu),
  },
  {
    work: '304',
    goal: "PostgreSQL's CPU ≤ 0.5 µs (no SQL but the look at the release)",
    atMost: 0.5,
    measure: (result) =>
      roundsOf(result, 'not-modified', 'product-overview').flatMap(
        (round) => postgresCpu(round) ?? [],
      ),
  },
  {
    work: 'list, last pages',
    goal: '≤ 1.2 × the first',
    atMost: 1.2,
    measure: (result) =>
      pairedRatio(
        roundsOf(result, 'list-first', 'product-overview'),
        roundsOf(result, 'list-deep', 'product-overview'),
        rate,
      ),
  },
  {
    work: 'NGINX, hot',
    goal: '≥ 0.6 × nginx static',
    atLeast: 0.6,
    measure: against('nginx-hot', 'nginx-static', rate, 'behind-nginx'),
  },
  { work: 'p99 at 70 %, cold', goal: '≤ 5 ms', atMost: 5, measure: p99At('styles-cold') },
  { work: 'p99 at 70 %, hot', goal: '≤ 2 ms', atMost: 2, measure: p99At('styles-hot') },
  {
    work: 'start to first answer',
    goal: '≤ 150 ms',
    atMost: 150,
    measure: ({ footprint }) => footprint?.firstAnswerMs ?? [],
  },
  {
    work: 'idle RSS',
    goal: '≤ 80 MB',
    atMost: 80,
    measure: ({ footprint }) => megabytes(footprint?.idleRssBytes),
  },
  {
    work: 'RSS, 128 MB cache full',
    goal: '≤ 320 MB',
    atMost: 320,
    measure: ({ footprint }) => megabytes(footprint?.fullCacheRssBytes),
  },
  {
    work: 'bundle',
    goal: '≤ 250 kB',
    atMost: 250,
    measure: ({ footprint }) => (footprint === undefined ? [] : [footprint.bundleBytes / 1000]),
  },
  {
    work: 'build',
    goal: '≤ 2 s',
    atMost: 2,
    measure: ({ footprint }) => footprint?.buildSeconds ?? [],
  },
]
