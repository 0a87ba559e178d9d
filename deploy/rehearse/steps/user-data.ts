import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startCloud } from '../cloud.ts'
import { debianRoot } from '../debian-root.ts'
import { paths } from '../folder.ts'
import { run } from '../run.ts'
import { createArtifacts, serviceStack, smallest, userData } from '../stack.ts'
import type { Step } from '../step.ts'
import { debianTool, pythonTools } from '../tools.ts'

const port = 5058
/** EC2 takes no more, before it is encoded. */
const bytesMax = 16_384

export const userDataStep: Step = {
  name: 'user-data',
  proves: 'cloud-init takes the user data of every role, and knows each key of it',
  run: async () => {
    const cloud = await startCloud('127.0.0.1', port)
    try {
      const ArtifactBucket = await createArtifacts(cloud)
      await serviceStack(cloud, 'create-stack', { ...smallest, ArtifactBucket })
      const texts = await userData(cloud)
      const roles = [...texts.keys()].toSorted().join(', ')
      if (roles !== 'api, nginx, postgres') {
        throw new Error(`expected api, nginx, postgres, came ${roles}`)
      }
      for (const [role, text] of texts) await check(role, text)
      return `${roles}; at most ${Math.max(...[...texts.values()].map(({ length }) => length))} bytes`
    } finally {
      cloud.stop()
    }
  },
}

const schemaInImage =
  'usr/lib/python3/dist-packages/cloudinit/config/schemas/schema-cloud-config-v1.json'

async function check(role: string, text: string): Promise<void> {
  if (text.length > bytesMax)
    throw new Error(`${role}: expected ${bytesMax} bytes, came ${text.length}`)
  const image = await debianRoot()
  const file = `/tmp/rehearsal-user-data-${role}`
  await writeFile(join(image, file), text)
  await run('chroot', [image, 'cloud-init', 'schema', '--config-file', file])
  await run(join(await pythonTools(), 'bin/python'), [
    new URL('../check_user_data.py', import.meta.url).pathname,
    join(image, schemaInImage),
    join(image, file),
  ])
  await rm(join(image, file))
  const boot = /product-overview-boot\n[^]*?content: (\S+)/.exec(text)?.[1] ?? ''
  const script = join(paths.folder, 'product-overview-boot')
  await writeFile(script, Buffer.from(boot, 'base64'))
  await run(await debianTool('shellcheck', 'shellcheck'), ['--exclude=SC1091', script])
}
