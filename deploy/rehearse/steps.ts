import type { Step } from './step.ts'
import { backup } from './steps/backup.ts'
import { drain } from './steps/drain.ts'
import { instances } from './steps/instances.ts'
import { networkStep } from './steps/network.ts'
import { nginx } from './steps/nginx.ts'
import { promote } from './steps/promote.ts'
import { release } from './steps/release.ts'
import { scripts } from './steps/scripts.ts'
import { systemd } from './steps/systemd.ts'
import { template } from './steps/template.ts'
import { userDataStep } from './steps/user-data.ts'

/** In the order of a run: the cheap ones first; from `instances` on they share one running deployment. */
export const steps: readonly Step[] = [
  scripts,
  template,
  userDataStep,
  systemd,
  nginx,
  instances,
  networkStep,
  release,
  drain,
  backup,
  promote,
]
