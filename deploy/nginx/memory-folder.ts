import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { tmpdir } from 'node:os'

const linuxMemoryFolder = '/dev/shm'

/** A folder below which NGINX's kept replies lie in memory; where there is none (macOS), the one for temporary files. */
export const findMemoryFolder = (): Promise<string> =>
  access(linuxMemoryFolder, constants.W_OK).then(
    () => linuxMemoryFolder,
    () => tmpdir(),
  )
