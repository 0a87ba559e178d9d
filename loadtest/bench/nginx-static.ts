import { mkdir, rm, writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { startChild, waitUntilReady } from './child.ts'
import type { Running } from './contestant.ts'
import { findFreePort } from './free-port.ts'
import { answers } from './node-server.ts'
import { whichProgram } from './which-program.ts'
import { withClient } from './postgres.ts'
import type { Stage } from './stage.ts'
import { hotIds, typicalPath } from './workloads.ts'

const startMsMax = 10_000
const configuration = 'loadtest/peers/nginx-static/nginx.conf'

/** Starts nginx over files with the documents of the hot products and of the typical one. */
export const startNginxStatic = async (stage: Stage): Promise<Running> => {
  const directory = resolve(stage.directory, 'nginx-static')
  await rm(directory, { recursive: true, force: true })
  await mkdir(join(directory, 'tmp'), { recursive: true })
  await writeDocuments(stage, join(directory, 'files'))
  const port = await findFreePort()
  const file = join(directory, 'nginx.conf')
  await writeFile(
    file,
    readFileSync(configuration, 'utf8')
      .replaceAll('${DIRECTORY}', directory)
      .replaceAll('${PORT}', `${port}`),
  )
  const child = await startChild({
    command: (await whichProgram('nginx')) ?? 'nginx',
    args: ['-e', 'stderr', '-p', directory, '-c', file, ...ownUser],
    log: join(stage.directory, 'nginx-static.log'),
  })
  const origin = `http://127.0.0.1:${port}`
  await waitUntilReady(
    'nginx',
    [child],
    () => answers(`${origin}${typicalPath(stage.catalogue)}`),
    startMsMax,
  )
  return {
    origin,
    serverPids: [child.pid],
    helperPids: [],
    fillsByAsking: false,
    stop: child.stop,
  }
}

// The workers must reach the folder, which may lie below a home that is closed to others.
const ownUser = process.getuid?.() === 0 ? ['-g', 'user root;'] : []

const writeDocuments = ({ catalogue }: Stage, directory: string) =>
  withClient(catalogue.releaseUrl, async (client) => {
    const { rows } = await client.query<{ product_id: number; body: string }>(
      'select product_id, body from styles_document where product_id = any($1)',
      [[...hotIds(catalogue), catalogue.typicalId]],
    )
    for (const { product_id: id, body } of rows) {
      const folder = join(directory, 'products', `${id}`)
      await mkdir(folder, { recursive: true })
      await writeFile(join(folder, 'styles'), body)
    }
  })
