import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cloud } from './cloud.ts'
import { run } from './run.ts'

/** Stands in for Session Manager's agent: a service that is there. */
const sessionManager = {
  package: 'amazon-ssm-agent',
  bucket: 'amazon-ssm-eu-central-1',
  key: 'latest/debian_amd64/amazon-ssm-agent.deb',
  files: {
    'lib/systemd/system/amazon-ssm-agent.service':
      '[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n',
  },
}

/** Stands in for the CloudWatch agent: refuses settings that are not JSON. */
const cloudWatch = {
  package: 'amazon-cloudwatch-agent',
  bucket: 'amazoncloudwatch-agent-eu-central-1',
  key: 'debian/amd64/latest/amazon-cloudwatch-agent.deb',
  files: {
    'opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl':
      '#!/bin/sh\nfor last; do :; done\nexec python3 -m json.tool "${last#file:}"\n',
  },
}

/** Puts packages into the buckets where AWS publishes its agents; they hold stand-ins. */
export async function publishAgents(cloud: Cloud): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rehearsal-agents-'))
  for (const agent of [sessionManager, cloudWatch]) {
    const deb = await buildPackage(folder, agent.package, agent.files)
    await cloud.aws('s3', 'mb', `s3://${agent.bucket}`, '--output', 'json').catch(() => undefined)
    await cloud.aws(
      's3api',
      'put-object',
      '--bucket',
      agent.bucket,
      '--key',
      agent.key,
      '--body',
      deb,
    )
  }
  await rm(folder, { recursive: true })
}

async function buildPackage(
  folder: string,
  name: string,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const tree = join(folder, name)
  const control = `Package: ${name}\nVersion: 1\nArchitecture: amd64\nMaintainer: rehearsal <none>\nDescription: stand-in\n`
  for (const [path, text] of Object.entries({ 'DEBIAN/control': control, ...files })) {
    await mkdir(join(tree, path, '..'), { recursive: true })
    await writeFile(join(tree, path), text, { mode: path.startsWith('opt') ? 0o755 : 0o644 })
  }
  await run('dpkg-deb', ['--build', '--root-owner-group', tree, `${tree}.deb`])
  return `${tree}.deb`
}
