import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Everything the rehearsal makes; what is downloaded stays for the next run. */
const folder = join(root, '.data/rehearse')
export const paths = {
  folder,
  /** Python programs of requirements.txt. */
  venv: join(folder, 'venv'),
  /** Programs of Debian that this machine lacks, unpacked, not installed. */
  tools: join(folder, 'tools'),
  /** Packages that machines asked for. */
  mirror: join(folder, 'mirror'),
  /** The file system that each machine starts from. */
  base: join(folder, 'base'),
  /** What machines wrote, and their volumes; made anew in each run. */
  machines: join(folder, 'machines'),
  logs: join(folder, 'logs'),
  /** The operator's programs: an `aws` that asks moto and reaches machines. */
  bin: join(folder, 'bin'),
}
