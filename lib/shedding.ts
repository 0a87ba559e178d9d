import type { EventLoopWatch } from './event-loop-watch.ts'
import type { Metrics } from './metrics.ts'
import { UnavailableError } from './unavailable.ts'

/** Makes a read that begins only while the process keeps up, else rejects at once with an UnavailableError. */
export type Shed = <A extends readonly unknown[], T>(
  read: (...args: A) => Promise<T>,
) => (...args: A) => Promise<T>

// One for all: to capture a stack takes 15 µs, a third of what a load takes.
const refusal = new UnavailableError('the process has more to do than it can')

/**
 * While the event loop is late, loads are refused before they cost anything, so that the time goes to replies that lie ready
 * and to loads that have begun. Each load that was refused is counted.
 */
export const createShed = ({ isLate }: EventLoopWatch, metrics: Metrics): Shed => {
  const refused = metrics.counter(
    'product_overview_loads_shed_total',
    'Loads refused because the event loop was late.',
  )()
  return (read) =>
    (...args) => {
      if (!isLate()) return read(...args)
      refused.value += 1
      return Promise.reject(refusal)
    }
}
