import { formatMegabytes, formatNumber } from '../bench/format.ts'
import type { Measured } from './results.ts'
import { serverSettings } from './server.ts'

/** When, by what, of how much and on what was measured: two sentences. */
export const conditionsLine = ({ startedAt, commit, command, conditions, products }: Measured) =>
  `${startedAt.slice(0, 10)}, commit \`${commit}\`: \`${command}\`. ${formatNumber(products)} products; ` +
  `${conditions.cores} cores (${conditions.cpu}), ${formatMegabytes(conditions.memoryBytes)} MB, ` +
  `${conditions.system}; Node ${conditions.node}, PostgreSQL ${conditions.postgres} (${settings()}).`

const settings = () =>
  Object.entries(serverSettings)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
