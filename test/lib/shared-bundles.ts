import { onceForRun } from '../once-for-run.ts'
import { type Bundles, buildInto } from './bundles.ts'

/** Those of the whole run. */
export const sharedBundles = async (): Promise<Bundles> => ({
  dir: await onceForRun('bundles', buildInto),
})
