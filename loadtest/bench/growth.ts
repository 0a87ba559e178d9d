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
/** Whose growth is of interest; design 1 has no cache. */
export const growing: readonly ContestantName[] = ['product-overview', 'design-1', 'design-2']

type Say = (text: string) => void

/** How the work of those who take part changes with the catalogue, the number of instances and the share of misses. */
export const measureGrowth = async (
  stage: Stage,
  names: readonly ContestantName[],
  plan: RoundPlan,
  say: Say,
): Promise<readonly GrowthResult[]> => {
  const taking = growing.filter((name) => names.includes(name))
  const caching = taking.filter((name) => name !== 'design-1')
  return [
    await growCatalogue(stage, plan, say, findWorkload('styles-cold'), taking),
    await growCatalogue(stage, plan, say, findWorkload('list-deep'), taking),
    ...(names.includes('behind-nginx') ? [await growInstances(stage, plan, say)] : []),
    await growMisses(stage, plan, say, caching),
  ]
}

const growCatalogue = async (
  stage: Stage,
  plan: RoundPlan,
  say: Say,
  workload: Workload,
  names: readonly ContestantName[],
): Promise<GrowthResult> => {
  const lines = linesOf(names)
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
    name: `products-${workload.name}`,
    title: `${workload.title}, as the catalogue grows`,
    axis: 'products',
    lines,
  }
}

const linesOf = (names: readonly ContestantName[]) =>
  names.map((name) => ({ name, title: contestants[name].title, points: [] as Point[] }))

type Point = GrowthResult['lines'][number]['points'][number]

const growInstances = async (stage: Stage, plan: RoundPlan, say: Say): Promise<GrowthResult> => {
  const lines = [
    { title: 'Zipf 0.9, caches filled', workload: 'nginx-zipf', points: [] as Point[] },
    { title: 'uniform, no cache', workload: 'nginx-cold', points: [] as Point[] },
  ]
  for (const { title, workload: name, points } of lines) {
    const workload = findWorkload(name)
    for (const instances of instanceCounts) {
      points.push({ at: instances, rounds: await playInstances(stage, workload, instances, plan) })
      say(`Instances behind NGINX, ${title}: ${instances} done`)
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

const growMisses = async (
  stage: Stage,
  plan: RoundPlan,
  say: Say,
  names: readonly ContestantName[],
): Promise<GrowthResult> => {
  const lines = linesOf(names)
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
