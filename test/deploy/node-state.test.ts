import { describe, expect, it } from 'vitest'
import { lossOf, parseNodeState, type Replica } from '../../deploy/commands/node-state.ts'

const replicaAt = (replayedTo: bigint, isStreaming = true): Replica => ({
  role: 'replica',
  isStreaming,
  replayedTo,
  lastChange: '2026-11-22T08:00:00Z',
})

describe('what a database node says of itself', () => {
  it('is read: a replica, how far it is and since when', () => {
    expect(parseNodeState('replica streaming 1/A0 2026-11-22T08:00:00Z\n')).toEqual(
      replicaAt(0x1_0000_00a0n),
    )
    expect(parseNodeState('replica apart 0/0 unknown')).toMatchObject({ isStreaming: false })
  })

  it('is read: a primary, and where its WAL ends when it was stopped in order', () => {
    expect(parseNodeState('primary running')).toEqual({ role: 'primary', is: 'running' })
    expect(parseNodeState('primary crashed')).toEqual({ role: 'primary', is: 'crashed' })
    expect(parseNodeState('primary stopped 0/3000028')).toEqual({
      role: 'primary',
      is: 'stopped',
      endsAt: 0x300_0028n,
    })
  })

  it.each(['', 'primary', 'replica', 'replica streaming', 'primary stopped 0', 'psql: error: no'])(
    'is nothing else: %j',
    (said) => {
      expect(() => parseNodeState(said)).toThrow('expected')
    },
  )
})

describe('what a promotion loses', () => {
  it('is nothing while the primary sends what it has', () => {
    expect(lossOf({ role: 'primary', is: 'running' }, replicaAt(1n))).toBeUndefined()
  })

  it('is what a replica lacks that has long been cut off, though it has replayed all that it ever received', () => {
    const loss = lossOf({ role: 'primary', is: 'running' }, replicaAt(1n, false))

    expect(loss).toBe(
      'the replica does not stream, so what came after 2026-11-22T08:00:00Z is lost',
    )
  })

  it('is nothing when the replica is past the last record of a primary that was stopped', () => {
    expect(
      lossOf({ role: 'primary', is: 'stopped', endsAt: 100n }, replicaAt(101n)),
    ).toBeUndefined()
  })

  it.each([100n, 60n])('is the rest when the replica stands at %s of 100', (replayedTo) => {
    const loss = lossOf({ role: 'primary', is: 'stopped', endsAt: 100n }, replicaAt(replayedTo))

    expect(loss).toContain(`stands ${100n - replayedTo} bytes before`)
  })

  it('cannot be told when the primary crashed', () => {
    expect(lossOf({ role: 'primary', is: 'crashed' }, replicaAt(1n))).toContain('may be lost')
  })

  it('is all that came after its last change when nobody can ask the primary', () => {
    expect(lossOf(undefined, replicaAt(1n))).toContain('what came after 2026-11-22T08:00:00Z')
  })
})
