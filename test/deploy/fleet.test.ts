import { describe, expect, it } from 'vitest'
import { describeMember, type Member } from '../../deploy/commands/fleet.ts'

const member = (group: Member['group'], draining = false): Member => ({
  id: 'i-0123456789abcdef0',
  group,
  address: '10.20.32.7',
  draining,
})

describe('the line about an instance', () => {
  it('says which database takes writes, the first or after a promotion the second', () => {
    expect(describeMember(member('Postgres1'), 'postgres1')).toBe(
      'Postgres1  i-0123456789abcdef0  10.20.32.7       primary',
    )
    expect(describeMember(member('Postgres1'), 'postgres2')).toMatch(/replica$/)
    expect(describeMember(member('Postgres2'), 'postgres2')).toMatch(/primary$/)
  })

  it('says whether NGINX leaves it out', () => {
    expect(describeMember(member('Api', true), 'postgres1')).toMatch(/drained$/)
    expect(describeMember(member('Api'), 'postgres1')).toBe(
      'Api        i-0123456789abcdef0  10.20.32.7',
    )
  })
})
