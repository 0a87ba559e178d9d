import type { Step } from './step.ts'
import { template } from './steps/template.ts'

/** In the order of a run: the cheap ones first; from `instances` on they share one running deployment. */
export const steps: readonly Step[] = [template]
