import { once } from 'node:events'
import { mkdir, rm } from 'node:fs/promises'
import { type Server, connect, createServer } from 'node:net'
import { join, relative } from 'node:path'
import { text } from 'node:stream/consumers'
import { LocalError } from './local-error.ts'

const answerMsMax = 2_000

/** The right of one process to use a folder; ends with the process, even when that is killed. */
export interface FolderClaim {
  /** What the next start is told about us. */
  readonly describe: (what: string) => void
  readonly release: () => Promise<void>
}

/**
 * Claims a folder for this process, or gives what its holder says about itself. The claim is a socket that the holder
 * listens on: unlike a pid file it cannot outlive its process, and the holder can say what it is doing.
 */
export const claimFolder = async (
  dir: string,
): Promise<{ claim: FolderClaim } | { holder: string }> => {
  await mkdir(dir, { recursive: true }).catch((cause: Error) => {
    throw new LocalError(`cannot make ${dir} (${cause.message}): choose another folder`, { cause })
  })
  // Relative, because a socket's path may have 107 bytes (103 on macOS) and that of a clone is often longer.
  const path = relative('', join(dir, 'run.sock'))
  const claim = await listen(path)
  if (claim !== undefined) return { claim }
  const holder = await askHolder(path)
  if (holder !== undefined) return { holder }
  await rm(path, { force: true })
  const second = await listen(path)
  return second === undefined ? { holder: 'another start' } : { claim: second }
}

/** Claims a folder, or throws what the person at the terminal can do about its holder. */
export const claimOrSayWho = async (dir: string): Promise<FolderClaim> => {
  const claimed = await claimFolder(dir)
  if ('claim' in claimed) return claimed.claim
  throw new LocalError(
    `already running in ${dir} (${claimed.holder}): stop that one first, or give this one a folder with --data`,
  )
}

const listen = async (path: string): Promise<FolderClaim | undefined> => {
  let description = 'starting'
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.end(`pid ${process.pid}, ${description}`)
  })
  if (!(await listens(server, path))) return undefined
  server.unref()
  return {
    describe: (what) => (description = what),
    release: async () => {
      server.close()
      await once(server, 'close')
    },
  }
}

const listens = async (server: Server, path: string) => {
  try {
    await once(server.listen(path), 'listening')
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') return false
    throw new LocalError(
      `cannot use the folder of ${path} (${code}): choose another, or one with a shorter path`,
      {
        cause: error,
      },
    )
  }
}

// Undefined when nobody listens: the holder was killed and left the file. One that listens and is too busy to
// answer holds the folder all the same.
const askHolder = async (path: string): Promise<string | undefined> => {
  const socket = connect(path)
  socket.setTimeout(answerMsMax, () => socket.destroy())
  try {
    await once(socket, 'connect')
  } catch {
    return undefined
  }
  return text(socket).catch(() => 'another start, which does not answer')
}
