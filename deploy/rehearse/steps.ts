import type { Step } from './step.ts'
import { backup } from './steps/backup.ts'
import { certificateStep } from './steps/certificate.ts'
import { drain } from './steps/drain.ts'
import { instances } from './steps/instances.ts'
import { networkStep } from './steps/network.ts'
import { nginx } from './steps/nginx.ts'
import { promote } from './steps/promote.ts'
import { push } from './steps/push.ts'
import { release } from './steps/release.ts'
import { scripts } from './steps/scripts.ts'
import { systemd } from './steps/systemd.ts'
import { template } from './steps/template.ts'
import { userDataStep } from './steps/user-data.ts'

/** What needs no machines; CI takes these at each change. */
export const staticSteps: readonly Step[] = [scripts, template, userDataStep, systemd, nginx]

/** What one running deployment shares, in this order. */
const deployedSteps: readonly Step[] = [
  instances,
  networkStep,
  certificateStep,
  push,
  release,
  drain,
  backup,
  promote,
]

/** In the order of a run: the cheap ones first. */
export const steps: readonly Step[] = [...staticSteps, ...deployedSteps]
