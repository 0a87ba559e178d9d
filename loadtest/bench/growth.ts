import { openCatalogue } from './catalogue.ts'
import type { ContestantName } from './contestant.ts'
import { contestants } from './contestants.ts'
import type { GrowthResult, RoundResult } from './results.ts'
import { type RoundPlan, playFresh, playRounds } from './rounds.ts'
import { startBehindNginx } from './behind-nginx.ts'
import type { Stage } from './stage.ts'
import { type Workload, findWorkload, mixedWith } from './workloads.ts'

/** How far each kind of growth goes. */
const sizes = [10_000, 100_000, 1_000_011]
const instanceCounts = [1, 2, 3, 4]
const missShares = [0, 0.25, 0.5, 0.75, 1]

type Say = (text: string) => void

/** How the work changes with the catalogue, with the number of instances, and with the share of misses. */
export const measureGrowth = async (
  stage: Stage,
  plan: RoundPlan,
  say: Say,
): Promise<readonly GrowthResult[]> => [
  await growCatalogue(stage, plan, say, 'styles-cold', [
    'product-overview',
    'design-1',
    'design-2',
  ]),
  await growCatalogue(stage, plan, say, 'list-deep', ['product-overview', 'design-1', 'design-2']),
  await growInstances(stage, plan, say),
  await growMisses(stage, plan, say),
]

const growCatalogue = async (
  stage: Stage,
  plan: RoundPlan,
  say: Say,
  workloadName: string,
  names: readonly ContestantName[],
): Promise<GrowthResult> => {
  const workload = findWorkload(workloadName)
  const lines = names.map((name) => ({ title: contestants[name].title, points: [] as Point[] }))
  for (const products of sizes.filter((size) => size <= stage.catalogue.products)) {
    const catalogue = await openCatalogue(stage.postgres, products, say)
    const results = await playRounds(
      { ...stage, catalogue },
      workload,
      names,
      plan,
      () => undefined,
    )
    results.forEach(({ rounds }, place) => lines[place]?.points.push({ at: products, rounds }))
    say(`${workload.title}: ${products} products done`)
  }
  return {
    name: `products-${workloadName}`,
    title: `${workload.title}, as the catalogue grows`,
    axis: 'products',
    lines,
  }
}

type Point = GrowthResult['lines'][number]['points'][number]

const growInstances = async (stage: Stage, plan: RoundPlan, say: Say): Promise<GrowthResult> => {
  const lines = ['nginx-cold', 'nginx-hot'].map(findWorkload).map((workload) => ({
    workload,
    title: workload.title,
    points: [] as Point[],
  }))
  for (const { workload, points } of lines) {
    for (const instances of instanceCounts) {
      points.push({ at: instances, rounds: await playInstances(stage, workload, instances, plan) })
      say(`${workload.title}: ${instances} instances done`)
    }
  }
  return {
    name: 'instances',
    title: 'Instances behind NGINX, on the cores of this one machine',
    axis: 'instances',
    lines: lines.map(({ title, points }) => ({ title, points })),
  }
}

const playInstances = async (
  stage: Stage,
  workload: Workload,
  instances: number,
  plan: RoundPlan,
) => {
  const traffic = workload.traffic(stage.catalogue)
  const rounds: RoundResult[] = []
  for (let round = 0; round < plan.rounds; round++) {
    const start = () => startBehindNginx(stage, workload.caches, instances)
    rounds.push(await playFresh(stage, workload, start, traffic, { ...plan, round }))
  }
  return rounds
}

const growMisses = async (stage: Stage, plan: RoundPlan, say: Say): Promise<GrowthResult> => {
  const names: readonly ContestantName[] = ['product-overview', 'design-2']
  const lines = names.map((name) => ({ title: contestants[name].title, points: [] as Point[] }))
  for (const share of missShares) {
    const workload = mixedWith(share)
    const results = await playRounds(stage, workload, names, plan, () => undefined)
    results.forEach(({ rounds }, place) => lines[place]?.points.push({ at: share, rounds }))
    say(`${workload.title} done`)
  }
  return {
    name: 'misses',
    title: 'Styles, as the share of cache misses grows',
    axis: 'share of misses',
    lines,
  }
}
