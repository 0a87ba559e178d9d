import { type ServerOptions, type ServerProcess, startServer } from './server-process.ts'
import { watchSources } from './watch-sources.ts'

/** The rooms that server.ts is made of. */
const rooms = ['handlers', 'lib']

/**
 * Like startServer, and starts it again whenever one of its source files changes. A server that does not start, or ends,
 * waits for the next change; `stop` ends the watching too.
 */
export const startWatchedServer = async (
  options: ServerOptions,
): Promise<Pick<ServerProcess, 'lost' | 'stop'>> => {
  const stopping = new AbortController()
  let server = await tryToStart(options)
  let restarts = Promise.resolve()
  const restart = async () => {
    if (stopping.signal.aborted) return
    console.log('a source file changed: restarting the server')
    await server?.stop()
    server = await tryToStart(options)
  }
  const onChange = () => {
    restarts = restarts.then(restart)
  }
  await watchSources(options.root, rooms, onChange, stopping.signal)
  return {
    lost: new Promise(() => undefined),
    stop: async () => {
      stopping.abort()
      await restarts
      await server?.stop()
    },
  }
}

const tryToStart = async (options: ServerOptions): Promise<ServerProcess | undefined> => {
  try {
    const server = await startServer(options)
    server.lost.catch(report)
    return server
  } catch (error) {
    if (options.signal?.aborted) return undefined
    report(error)
    return undefined
  }
}

const report = (error: unknown) =>
  console.error(`${(error as Error).message}; waiting for a source file to change`)
