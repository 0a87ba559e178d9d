import { describe, expect, it } from 'vitest'
import { findSystemUser, ownAccount, reaches } from '../../../deploy/local/postgres-account.ts'

describe('findSystemUser', () => {
  it('takes postgres, else nobody, else any user that is not root', () => {
    const root = 'root:x:0:0:root:/root:/bin/sh'
    const daemon = 'daemon:x:1:1::/:/usr/sbin/nologin'
    const nobody = 'nobody:x:65534:65534::/:/usr/sbin/nologin'
    const postgres = 'postgres:x:70:70::/var/lib/postgresql:/bin/sh'

    expect(findSystemUser([root, daemon, nobody, postgres, ''].join('\n')).uid).toBe(70)
    expect(findSystemUser([root, daemon, nobody, ''].join('\n')).uid).toBe(65_534)
    expect(findSystemUser([root, daemon, ''].join('\n')).uid).toBe(1)
  })

  it('says what to do where there is none', () => {
    expect(() => findSystemUser('root:x:0:0:root:/root:/bin/sh\n')).toThrow(
      'PostgreSQL does not run as root, and /etc/passwd names no other user',
    )
  })
})

describe('reaches', () => {
  const account = ownAccount(process.getuid?.() ?? 0, process.getgid?.() ?? 0)

  it('is true for a folder that can be entered and a program that can be run', () => {
    expect(reaches(account, ['/', '/bin/sh'])).toBe(true)
  })

  it('is false as soon as one of them cannot', () => {
    expect(reaches(account, ['/', '/etc/passwd'])).toBe(false)
    expect(reaches(account, ['/no such folder', '/'])).toBe(false)
  })
})
