import { UnavailableError } from './unavailable.ts'

/** What the promise settles to, or an UnavailableError when it has not by the deadline (as of performance.now()). */
export const beforeDeadline = async <T>(promise: Promise<T>, deadline: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const giveUp = () => reject(new UnavailableError('no database answered in time'))
    timer = setTimeout(giveUp, deadline - performance.now())
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
