import { headerOf } from './answer-reader.ts'
import type { Answer } from './answer-reader.ts'

/** What a client remembers of the answers it was given. */
export interface ClientMemory {
  readonly tagOf: (target: string) => string | undefined
  /** Whether a target has been answered at least twice. */
  readonly isWarm: (target: string) => boolean
  readonly note: (target: string, answer: Answer) => void
}

const warmFrom = 2

export const createClientMemory = (): ClientMemory => {
  const tags = new Map<string, string>()
  const answered = new Map<string, number>()
  return {
    tagOf: (target) => tags.get(target),
    isWarm: (target) => (answered.get(target) ?? 0) >= warmFrom,
    note: (target, { status, head }) => {
      if (status !== 200 && status !== 304 && status !== 404) return
      answered.set(target, (answered.get(target) ?? 0) + 1)
      const tag = headerOf(head, 'etag')
      if (tag !== '') tags.set(target, tag)
    },
  }
}
