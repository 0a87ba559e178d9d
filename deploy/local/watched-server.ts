import {
  type ServeOptions,
  type ServerFiles,
  type ServerProcess,
  prepareServer,
} from './server-process.ts'
import { watchSources } from './watch-sources.ts'

/** The rooms that server.ts is made of. */
const rooms = ['handlers', 'lib']

/**
 * Like prepareServer, and while it serves it is replaced whenever one of its source files changes. A server that does not
 * start, or ends, waits for the next change; `stop` ends the watching too.
 */
export const prepareWatchedServer = (files: ServerFiles): ServerProcess => {
  const stopping = new AbortController()
  let server = prepareServer(files)
  let restarts = Promise.resolve()
  const restart = async (options: ServeOptions) => {
    if (stopping.signal.aborted) return
    console.log('a source file changed: restarting the server')
    await server.stop()
    server = prepareServer(files)
    await serveOrReport(server, options)
  }
  return {
    serve: async (options) => {
      const onChange = () => {
        restarts = restarts.then(() => restart(options))
      }
      await watchSources(files.root, rooms, onChange, stopping.signal)
      await serveOrReport(server, options)
    },
    lost: new Promise(() => undefined),
    stop: async () => {
      stopping.abort()
      await restarts
      await server.stop()
    },
  }
}

const serveOrReport = async (server: ServerProcess, options: ServeOptions) => {
  try {
    await server.serve(options)
    server.lost.catch(report)
  } catch (error) {
    if (!options.signal.aborted) report(error)
  }
}

const report = (error: unknown) =>
  console.error(`${(error as Error).message}; waiting for a source file to change`)
