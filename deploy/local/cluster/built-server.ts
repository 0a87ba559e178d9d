import { execFile } from 'node:child_process'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { LocalError } from '../local-error.ts'

/** What dist/server.js is made of. */
const sources = ['server.ts', 'app.ts', 'build.mjs', 'package-lock.json', 'handlers', 'lib']

/** The path of dist/server.js below `root`; built when it is missing or older than its sources. */
export const ensureBuiltServer = async (root: string): Promise<string> => {
  const server = join(root, 'dist', 'server.js')
  const times = await Promise.all(sources.map((source) => changedAt(join(root, source))))
  if ((await changedAt(server)) < Math.max(...times)) await build(root)
  return server
}

const build = async (root: string) => {
  console.log('dist/server.js is missing or older than its sources: building it.')
  await promisify(execFile)(process.execPath, ['build.mjs'], { cwd: root }).catch(
    (cause: Error & { stderr?: string }) => {
      throw new LocalError(`npm run build failed: ${cause.stderr ?? cause.message}`, { cause })
    },
  )
}

/** When a file, or the newest one of a folder, was changed; 0 when there is none. */
const changedAt = async (path: string): Promise<number> => {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return 0
  if (!found.isDirectory()) return found.mtimeMs
  const inner = (await readdir(path)).map((name) => changedAt(join(path, name)))
  return Math.max(0, ...(await Promise.all(inner)))
}
