import { join } from 'node:path'
import type { Cluster } from '../../deploy/local/cluster/cluster.ts'
import { importCatalogue } from '../../etl/import.ts'
import { publishRelease, rollBack } from '../../etl/publish.ts'
import { withControl } from '../../etl/session.ts'
import type { Fault } from './fault.ts'
import { isGood, wallMs } from './load/outcome.ts'
import { isMixed, isTooOld, type Move } from './releases.ts'
import { brokenOf, examplesOf, measuredColumns } from './row.ts'
import type { Stage } from './stage.ts'
import { startUsualLoad } from './usual-load.ts'

/** Long enough that what is older than 3 s can be seen before the pointer comes back. */
const slowMs = 4_500
const fastMs = 300
const afterMs = 4_000

/** The pointer moves to and fro: nobody sees an error, a mixture, or the former release for longer than 3 s. */
export const publishingFault: Fault = {
  id: 'R4',
  title: 'releases are published and rolled back',
  run: (stage) =>
    stage.withCluster(async (cluster) => {
      const releases = await markedReleases(cluster, stage)
      const markers = releases.map(markerOf)
      const load = await startUsualLoad(cluster, { markers })
      const fromMs = wallMs()
      const moves = await movePointer(cluster, releases, stage)
      await stage.wait(afterMs)
      const toMs = wallMs()
      const outcomes = await load.between(fromMs, toMs)
      await load.stop()

      const columns = measuredColumns({ outcomes, fromMs, toMs })
      const bad = outcomes.filter((outcome) => !isGood(outcome))
      const marked = new Set(outcomes.map(({ markers: found }) => found))
      const mixed = outcomes.filter((outcome) => isMixed(outcome, releases))
      const tooOld = outcomes.filter((outcome) => isTooOld(outcome, moves, 3_000))
      return [
        {
          fault: `R4 ${moves.length - 1} publishes and rollbacks`,
          ...columns,
          failed: bad.length,
          stale: outcomes.filter((outcome) => isTooOld(outcome, moves, 0)).length,
          bound: '0 errors; none mixed; no former release after 3 s',
          broken: brokenOf(
            [bad.length > 0, `${bad.length} were not answered: ${examplesOf(bad)}`],
            [!marked.has(0b01) || !marked.has(0b10), 'not both releases were seen'],
            [mixed.length > 0, `${mixed.length} of two releases: ${examplesOf(mixed)}`],
            [tooOld.length > 0, `${tooOld.length} of a former release: ${examplesOf(tooOld)}`],
          ),
        },
      ]
    }),
}

const markerOf = (release: number) => `of release ${release}.`

/** The live release and another one, of which every product, feature and style says to which it belongs. */
const markedReleases = async ({ databases, release }: Cluster, { dir }: Stage) => {
  const databaseUrl = databases[0]?.url ?? ''
  const { release: other } = await importCatalogue({
    databaseUrl,
    dir: join(dir, 'sample'),
    rejectsDir: null,
    publish: false,
    gates: { rejectedShareMax: 1, orphanShareMax: 1, shrinkShareMax: 1 },
  })
  const releases = [release.release, other]
  await withControl(databaseUrl, async (control) => {
    for (const one of releases) {
      const marked = (column: string) => `${column} = ${column} || ' ${markerOf(one)}'`
      await control.query(`update release_${one}.product set ${marked('name')};
        update release_${one}.feature set ${marked('value')};
        update release_${one}.style set ${marked('name')}`)
    }
  })
  return releases
}

/** Moves the pointer, first slowly, then faster than caches can follow; gives the moves, the first of them from before. */
const movePointer = async (
  { databases, release }: Cluster,
  releases: readonly number[],
  { isQuick, wait }: Stage,
): Promise<readonly Move[]> => {
  const moves: Move[] = [{ release: release.release, atMs: -Infinity }]
  const pauses = isQuick
    ? [...Array<number>(2).fill(slowMs), ...Array<number>(6).fill(fastMs)]
    : [...Array<number>(11).fill(slowMs), ...Array<number>(40).fill(fastMs)]
  await withControl(databases[0]?.url ?? '', async (control) => {
    for (const [turn, pauseMs] of pauses.entries()) {
      const next = releases[(turn + 1) % 2] as number
      await (turn % 2 === 0 ? publishRelease(control, next) : rollBack(control, next))
      moves.push({ release: next, atMs: wallMs() })
      await wait(pauseMs)
    }
  })
  return moves
}
