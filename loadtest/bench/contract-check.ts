import type { Catalogue } from './catalogue.ts'
import type { Contestant, ContestantName, Fault } from './contestant.ts'
import { contestants } from './contestants.ts'
import { type ExpectedAnswers, expectedAnswers } from './expected-answers.ts'
import { withClient } from './postgres.ts'
import { sameButForPhotos } from './same-but-for-photos.ts'
import type { Stage } from './stage.ts'
import { findWorkload } from './workloads.ts'

/** One request, the answer that the contract wants, and the fault that would explain another one. */
interface Check {
  readonly path: string
  readonly status: 200 | 404
  /** Undefined: any body. */
  readonly body?: string
  readonly excuse?: Fault['excuses']
  /** Whether another answer is that fault and no worse one. */
  readonly isExcused?: (status: number, body: string) => boolean
}

export interface CheckedContestant {
  readonly name: ContestantName
  readonly checked: number
  /** The known faults that showed. */
  readonly faults: readonly Fault[]
  /** What nothing excuses, a sentence each. */
  readonly mistakes: readonly string[]
}

const sampleSize = 40

/** Asks everybody for a sample of the catalogue, byte for byte; the limits only for what they have. */
export const checkContestants = async (
  stage: Stage,
  names: readonly ContestantName[],
): Promise<readonly CheckedContestant[]> => {
  const checks = await withClient(stage.catalogue.releaseUrl, (client) =>
    planChecks(stage.catalogue, expectedAnswers(client)),
  )
  const results: CheckedContestant[] = []
  for (const name of names.filter((each) => each !== 'pgbench')) {
    const isLimit = name === 'node-constant' || name === 'nginx-static'
    const running = await contestants[name].start(stage, findWorkload('styles-hot'))
    try {
      const own = isLimit ? checks.filter(({ path }) => path === typical(stage.catalogue)) : checks
      results.push(await checkOne(name, running.origin, own))
    } finally {
      await running.stop()
    }
  }
  return results
}

const typical = ({ typicalId }: Catalogue) => `/products/${typicalId}/styles`

const planChecks = async (
  catalogue: Catalogue,
  expected: ExpectedAnswers,
): Promise<readonly Check[]> => {
  const { byPopularity, typicalId } = catalogue
  const ids = [...byPopularity].toSorted((a, b) => a - b)
  const unknownId = (ids.at(-1) ?? 0) + 1
  // The first eleven are the odd ones: without styles, features, photos, skus.
  const sample = new Set([...ids.slice(0, 11), typicalId, ...byPopularity.slice(0, sampleSize)])
  const checks: Check[] = []
  for (const id of sample) checks.push(...(await productChecks(id, expected)))
  const lastPage = Math.ceil(ids.length / 5)
  for (const page of [1, 2, Math.ceil(lastPage / 2), lastPage, lastPage + 1]) {
    checks.push(await pageCheck(page, ids, expected))
  }
  return [...checks, ...unknownChecks(unknownId)]
}

const productChecks = async (id: number, expected: ExpectedAnswers): Promise<Check[]> => {
  const styles = await expected.styles(id)
  return [
    { path: `/products/${id}`, status: 200, body: await expected.product(id) },
    {
      path: `/products/${id}/styles`,
      status: 200,
      body: styles,
      excuse: 'photos',
      isExcused: (status, body) => status === 200 && sameButForPhotos(body, styles),
    },
    { path: `/products/${id}/related`, status: 200, body: await expected.related(id) },
  ]
}

const pageCheck = async (
  page: number,
  ids: readonly number[],
  expected: ExpectedAnswers,
): Promise<Check> => {
  const position = (page - 1) * 5
  return {
    path: `/products?page=${page}&count=5`,
    status: 200,
    body: await expected.list(position, 5),
    excuse: 'gaps',
    isExcused: (status) => status === 200 && ids[position] !== position + 1,
  }
}

const unknownChecks = (id: number): Check[] =>
  ['', '/styles', '/related'].map((part) => ({
    path: `/products/${id}${part}`,
    status: 404,
    excuse: 'unknown ids',
    isExcused: (status) => status === 200 && part !== '',
  }))

const checkOne = async (
  name: ContestantName,
  origin: string,
  checks: readonly Check[],
): Promise<CheckedContestant> => {
  const known: Contestant['faults'] = contestants[name].faults
  const seen = new Set<Fault>()
  const mistakes: string[] = []
  for (const check of checks) {
    const response = await fetch(origin + check.path)
    const body = await response.text()
    if (isRight(check, response, body)) continue
    const fault = known.find(({ excuses }) => excuses === check.excuse)
    if (fault && check.isExcused?.(response.status, body)) seen.add(fault)
    else mistakes.push(describeMistake(check, response.status, body))
  }
  return { name, checked: checks.length, faults: [...seen], mistakes }
}

const isRight = (check: Check, { status, headers }: Response, body: string) =>
  status === check.status &&
  (check.body === undefined ||
    (body === check.body && (headers.get('content-type') ?? '').startsWith('application/json')))

const shownCharsMax = 300

const describeMistake = ({ path, status, body }: Check, cameStatus: number, cameBody: string) =>
  `${path}: expected ${status} ${body?.slice(0, shownCharsMax) ?? ''}, ` +
  `came ${cameStatus} ${cameBody.slice(0, shownCharsMax)}`
