import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'

import { findK6 } from './find-k6.ts'
import type { K6 } from './find-k6.ts'
import { generatorPart } from './generator.ts'
import { describeMachine } from './machine.ts'
import { startSampler } from './part-sampler.ts'
import type { Sampler } from './part-sampler.ts'
import { readProductIds } from './product-ids.ts'
import { runK6 } from './run-k6.ts'
import { assembleRun } from './run.ts'
import type { Conditions, Run } from './run.ts'
import type { ScenarioEntry } from './scenarios.ts'
import { expectSeen, openTarget } from './target.ts'
import type { Target } from './target.ts'

/** What the command line asks for. */
export interface LoadOptions {
  readonly target?: string
  readonly map?: string
  readonly products?: number
  readonly rate?: number
  readonly duration?: number
  readonly seed: number
  readonly exponent: number
  readonly think: number
  readonly checked?: number
  readonly correctnessOnly: boolean
  readonly cores?: number
  readonly k6?: string
}

export interface LoadRequest {
  readonly scenario: ScenarioEntry
  readonly options: LoadOptions
  /** What was typed, for the report. */
  readonly command: string
  /** Where k6 writes its own dashboard. */
  readonly dashboardFile: string
  readonly signal: AbortSignal
}

const localProducts = 100_000

/**
 * Finds k6, opens the target, reads which products exist, runs the scenario and measures it. What was
 * started for it is stopped whatever happens.
 */
export async function loadScenario(request: LoadRequest): Promise<Run> {
  const { options, signal } = request
  const k6 = findK6(options.k6)
  const folder = mkdtempSync(join(tmpdir(), 'load-'))
  try {
    const products = options.products ?? localProducts
    const target = await openTarget({ ...options, products, folder, signal })
    try {
      expectSeen(request.scenario, target)
      return await loadTarget(request, k6, target, folder)
    } finally {
      await target.stop()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function loadTarget(
  { scenario, options, command, dashboardFile, signal }: LoadRequest,
  k6: K6,
  target: Target,
  folder: string,
): Promise<Run> {
  const ids = await readProductIds(target.url, options.products)
  const idsFile = join(folder, 'ids.json')
  writeFileSync(idsFile, JSON.stringify(ids))
  if (signal.aborted) throw new Error('Stopped before the load began.')
  const cores = options.cores ?? (target.local ? halfOfCores() : availableParallelism())

  let sampler: Sampler | undefined
  const k6Run = await runK6({
    k6: k6.path,
    scenario: scenario.name,
    settings: { ...settingsOf(options, scenario, target), LOAD_IDS_FILE: idsFile },
    cores,
    dashboardFile,
    folder,
    signal,
    onStart: (pid) => {
      sampler = startSampler([{ name: generatorPart, pid }, ...target.parts])
    },
  })
  const conditions: Conditions = {
    scenario: scenario.name,
    command,
    target: target.url,
    products: ids.length,
    machine: describeMachine(),
    k6Version: k6.version,
    shared: target.local,
    generatorCores: cores,
    speedPromised: !options.correctnessOnly,
  }
  return assembleRun(conditions, k6Run, sampler?.stop() ?? { parts: [], machineCores: undefined })
}

function settingsOf(
  options: LoadOptions,
  scenario: ScenarioEntry,
  target: Target,
): Record<string, string> {
  const { rate, duration, checked = scenario.checkedShare } = options
  return {
    LOAD_TARGET: target.url,
    LOAD_INSTANCE_URLS: target.instanceUrls.join(','),
    LOAD_SEED: String(options.seed),
    LOAD_EXPONENT: String(options.exponent),
    LOAD_THINK_S: String(options.think),
    LOAD_CHECKED_SHARE: String(checked),
    LOAD_SPEED_PROMISED: String(!options.correctnessOnly),
    ...(rate === undefined ? {} : { LOAD_RATE: String(rate) }),
    ...(duration === undefined ? {} : { LOAD_DURATION_S: String(duration) }),
  }
}

// Where both share a machine, the generator must not take what the service needs.
function halfOfCores(): number {
  return Math.max(1, Math.floor(availableParallelism() / 2))
}
