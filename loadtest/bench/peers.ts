import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type NodeServer, startNodeServer } from './node-server.ts'
import { runToEnd } from './run-to-end.ts'
import type { Stage } from './stage.ts'
import { typicalPath } from './workloads.ts'

/** Starts one of the programs in loadtest/peers; installs its packages the first time. */
export const startPeer = async (
  stage: Stage,
  name: string,
  env: Readonly<Record<string, string>> = {},
): Promise<NodeServer> => {
  const cwd = join('loadtest', 'peers', name)
  await installPeer(cwd)
  return startNodeServer({
    name,
    args: ['server.js'],
    cwd,
    log: join(stage.directory, `${name}.log`),
    env: { DATABASE_URL: stage.catalogue.releaseUrl, ...env },
    path: typicalPath(stage.catalogue),
  })
}

const installPeer = async (directory: string) => {
  if (!needsPackages(directory) || isInstalled(directory)) return
  await runToEnd('npm', [
    'ci',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--prefix',
    directory,
  ])
}

const needsPackages = (directory: string) => {
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>
  }
  return manifest.dependencies !== undefined
}

const isInstalled = (directory: string) => {
  const installed = statSync(join(directory, 'node_modules', '.package-lock.json'), {
    throwIfNoEntry: false,
  })
  return installed !== undefined && installed.mtimeMs >= lockedAt(directory)
}

const lockedAt = (directory: string) => statSync(join(directory, 'package-lock.json')).mtimeMs
