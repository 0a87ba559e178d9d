import { describe, expect, it } from 'vitest'
import { takeInheritedSocket } from '../../lib/inherited-socket.ts'

const announced = { LISTEN_PID: '7', LISTEN_FDS: '1', LISTEN_FDNAMES: 'api.socket', HOST: 'kept' }

describe('takeInheritedSocket', () => {
  it('gives the descriptor and takes the variables out, for processes of ours are not meant', () => {
    const env = { ...announced }

    expect(takeInheritedSocket(env, 7)).toBe(3)
    expect(env).toEqual({ HOST: 'kept' })
  })

  it.each([
    ['there are no variables', {}],
    ['they are for another process', { ...announced, LISTEN_PID: '8' }],
    ['no socket is announced', { ...announced, LISTEN_FDS: '0' }],
  ])('gives none when %s', (_, env) => {
    expect(takeInheritedSocket(env, 7)).toBeUndefined()
    expect(env).not.toHaveProperty('LISTEN_FDS')
  })

  it.each(['2', '', '-1', 'one'])('refuses %j sockets', (count) => {
    expect(() => takeInheritedSocket({ ...announced, LISTEN_FDS: count }, 7)).toThrow(
      `LISTEN_FDS is ${JSON.stringify(count)}: expected 1`,
    )
  })
})
