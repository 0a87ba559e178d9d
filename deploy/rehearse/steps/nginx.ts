import { chmod, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeNginxConfig } from '../../nginx/render.ts'
import { parseNginxSettings } from '../../nginx/settings.ts'
import { makeCertificate } from '../certificate.ts'
import { paths } from '../folder.ts'
import { run } from '../run.ts'
import type { Step } from '../step.ts'
import { debianTool } from '../tools.ts'

export const nginx: Step = {
  name: 'nginx',
  proves:
    'nginx -t takes the configuration without a word: plain, with HTTPS and HTTP/2, and with a loader.io token',
  run: async () => {
    const folder = join(paths.folder, 'nginx')
    await rm(folder, { recursive: true, force: true })
    const tls = { listen: ['127.0.0.1:18443'], ...(await makeCertificate(folder)) }
    const variants = {
      plain: {},
      'no instance yet': { instances: ['127.0.0.1:9'] },
      tls: { tls },
      loaderio: { loaderioToken: 'loaderio-0123456789abcdef0123456789abcdef' },
    }
    for (const [name, extra] of Object.entries(variants)) await test(join(folder, name), extra)
    return Object.keys(variants).join(', ')
  },
}

async function test(folder: string, extra: object): Promise<void> {
  const home = folder.replaceAll(' ', '-')
  const settings = parseNginxSettings({
    instances: ['10.20.32.4:3000', '10.20.48.4:3000'],
    listen: ['127.0.0.1:18080'],
    operationsListen: '127.0.0.1:18081',
    runFolder: join(home, 'run'),
    cacheFolder: join(home, 'cache'),
    ...extra,
  })
  const config = await writeNginxConfig(settings, join(home, 'config'))
  await chmod(home, 0o755)
  const program = await debianTool('nginx', 'nginx')
  const { stdout, stderr } = await run(program, ['-t', '-q', '-e', 'stderr', '-c', config])
  if (stdout + stderr !== '') throw new Error(`nginx -t says:\n${stdout}${stderr}`)
}
