import { setTimeout as sleep } from 'node:timers/promises'
import { claimFolder } from '../claim-folder.ts'
import { LocalError } from '../local-error.ts'
import { readStatusMap } from './cluster-map.ts'
import { takeSample } from './cluster-sample.ts'
import { statusTable } from './status-table.ts'

const pauseMs = 1_000
const clearTerminal = '\u001B[H\u001B[J'

/**
 * Shows the cluster that runs in a data folder: on a terminal once a second until `signal` aborts, else once, with the rates
 * of a second. Throws when none runs there.
 */
export const showStatus = async (dir: string, signal: AbortSignal): Promise<void> => {
  let before = await takeSample(await findCluster(dir))
  do {
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
    // Read again each time: pids change.
    const map = await findCluster(dir)
    const now = await takeSample(map)
    console.log(`${process.stdout.isTTY ? clearTerminal : ''}${statusTable({ map, before, now })}`)
    before = now
  } while (process.stdout.isTTY)
}

const findCluster = async (dir: string) => {
  const claimed = await claimFolder(dir)
  if ('claim' in claimed) await claimed.claim.release()
  const map = 'claim' in claimed ? undefined : await readStatusMap(dir)
  if (map !== undefined) return map
  throw new LocalError(
    'claim' in claimed
      ? `no cluster runs in ${dir}: start one, or name its folder with --data`
      : `the cluster in ${dir} is not up yet (${claimed.holder})`,
  )
}
