import { join } from 'node:path'
import { type Certificate, certificateSecret, makeCertificate } from '../certificate.ts'
import { paths, root } from '../folder.ts'
import { run } from '../run.ts'
import type { Site } from '../site.ts'
import type { Step } from '../step.ts'

const secret = 'shop/certificate'
const environment = '/etc/product-overview/instance.env'
const setUp = '/opt/product-overview/current/deploy/instance/set-up-nginx'

export const certificateStep: Step = {
  name: 'certificate',
  proves:
    'HTTPS and HTTP/2 with the certificate of a secret; a renewed one is shown, and a key that is not its own is refused',
  run: async ({ site: openSite }) => {
    const site = await openSite()
    const [first, renewed] = await Promise.all(
      ['first', 'renewed'].map((name) => makeCertificate(join(paths.folder, 'certificate', name))),
    )
    if (first === undefined || renewed === undefined) throw new Error('expected two certificates')
    await site.cloud.aws('secretsmanager', 'create-secret', '--name', secret)
    // What an update of the stack's CertificateSecretArn gives new instances.
    await site.machines.nginx.run(`echo CERTIFICATE_SECRET=${secret} >> ${environment}`)
    await give(site, first)
    await expectShown(site, first)
    await give(site, renewed)
    await expectShown(site, renewed)
    await expectRefused(site, { ...first, keyFile: renewed.keyFile })
    await expectShown(site, renewed)
    // The next set-up, which each release brings, would fail at what is in the secret now.
    await give(site, renewed)
    return 'the first and the renewed one by HTTP/2'
  },
}

async function give({ cloud, machines }: Site, certificate: Certificate): Promise<void> {
  await cloud.aws(
    'secretsmanager',
    'put-secret-value',
    ...['--secret-id', secret, '--secret-string', await certificateSecret(certificate)],
  )
  await machines.nginx.run(`set -a; . ${environment}; set +a; ${setUp}`)
}

async function expectRefused(site: Site, certificate: Certificate): Promise<void> {
  const given = await give(site, certificate).then(
    () => true,
    () => false,
  )
  if (given) throw new Error('a key that is not that of the certificate was taken')
}

/** NGINX's reload returns before its new workers listen. */
const triesMax = 5

async function expectShown({ network, machines }: Site, { certificateFile }: Certificate) {
  const command = [process.execPath, '--import', 'tsx', join(root, 'deploy/rehearse/ask-https.ts')]
  let said = ''
  for (let tries = 0; tries < triesMax; tries += 1) {
    const { stdout, stderr } = await run(
      'ip',
      [
        ...['netns', 'exec', network.client.name],
        ...[...command, machines.nginx.address, certificateFile],
      ],
      { cwd: root, mayFail: true },
    )
    if (stdout.trim() === '200') return
    said = stdout + stderr
  }
  throw new Error(`expected 200 by HTTP/2 with ${certificateFile}, came ${said}`)
}
