import { createApp } from './app.ts'
import { ConfigError, readConfig } from './lib/config.ts'
import { createDoor } from './lib/door.ts'
import { drain } from './lib/drain.ts'
import { boundGarbage } from './lib/heap.ts'
import { createHttpServer } from './lib/http-server.ts'
import { takeInheritedSocket } from './lib/inherited-socket.ts'
import { listen } from './lib/listen.ts'
import { createLog } from './lib/log.ts'
import { unsafeNodeWarning } from './lib/node-version.ts'
import { openServices } from './lib/services.ts'

boundGarbage()
const config = orExit(() => readConfig(process.env))
const inheritedFd = orExit(() => takeInheritedSocket(process.env, process.pid))
const log = createLog(config.logLevel)
const warning = unsafeNodeWarning(process.version)
if (warning !== undefined) log.warn(warning)

process.once('uncaughtException', (error) => {
  log.fatal({ err: error }, 'the process ends after a fault that nothing caught')
  process.exit(1)
})

const services = openServices(config, log)
const server = createHttpServer(createDoor(createApp(services), services))
await services.start()
const listenOn = inheritedFd === undefined ? config : { fd: inheritedFd }
const url = await listen(server, listenOn).catch((error: Error) => {
  log.fatal(error.message)
  return process.exit(1)
})
log.info({ url, release: services.follower.release() }, 'listening')

process.once('SIGTERM', (signal) => void end(signal))
process.once('SIGINT', (signal) => void end(signal))

/** The first signal drains, the second one ends at once. */
async function end(signal: NodeJS.Signals): Promise<void> {
  process.once('SIGTERM', () => process.exit(1))
  process.once('SIGINT', () => process.exit(1))
  log.info({ signal }, 'draining')
  await drain(server, services, config)
  log.info('ended')
  process.exit(0)
}

function orExit<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(error.message)
    return process.exit(1)
  }
}
