import { describe, expect, it } from 'vitest'
import { releaseBefore } from '../../deploy/commands/pointer.ts'

const release = (version: string) => ({ version, sha256: 'a'.repeat(64) })
const history = (...versions: string[]) => versions.map(release)

describe('the release before the current one', () => {
  it('is the one that came before it', () => {
    expect(releaseBefore(history('1', '2', '3'))?.version).toBe('2')
  })

  it('is none before the first', () => {
    expect(releaseBefore(history('1'))).toBeUndefined()
    expect(releaseBefore([])).toBeUndefined()
  })

  it('goes further back after a rollback, and not forward again', () => {
    expect(releaseBefore(history('1', '2', '3', '2'))?.version).toBe('1')
  })

  it('is none when a rollback to the first one is run again', () => {
    expect(releaseBefore(history('1', '2', '1'))).toBeUndefined()
  })
})
