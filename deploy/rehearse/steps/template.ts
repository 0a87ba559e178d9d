import { join } from 'node:path'
import { startCloud } from '../cloud.ts'
import { root } from '../folder.ts'
import { run } from '../run.ts'
import { createArtifacts, serviceStack, smallest, stackName } from '../stack.ts'
import type { Step } from '../step.ts'
import { pythonTools } from '../tools.ts'

const port = 5057
const certificate = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:certificate-a1b2c3'
const existingDatabase = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:database-a1b2c3'

export const template: Step = {
  name: 'template',
  proves:
    'cfn-lint is silent; the stack is created, updated and deleted, and moto warns of nothing',
  run: async () => {
    const venv = await pythonTools()
    const templates = ['artifacts.yaml', 'service.yaml'].map((name) =>
      join(root, 'deploy/aws', name),
    )
    // It ends with a code for warnings and informational findings too.
    await run(join(venv, 'bin/cfn-lint'), ['--include-checks', 'I', '--template', ...templates])
    const cloud = await startCloud('127.0.0.1', port)
    try {
      const ArtifactBucket = await createArtifacts(cloud)
      await serviceStack(cloud, 'create-stack', { ...smallest, ArtifactBucket })
      const resources = await resourceCount()
      const changed = {
        ApiType: 't4g.small',
        CertificateSecretArn: certificate,
        Egress: 'nat-gateway',
        UnlimitedClients: '203.0.113.7/32,198.51.100.0/24',
      }
      await serviceStack(cloud, 'update-stack', { ...smallest, ArtifactBucket, ...changed })
      await remove()
      await serviceStack(cloud, 'create-stack', {
        ...smallest,
        ArtifactBucket,
        DatabaseSecretArn: existingDatabase,
      })
      await remove()
      const warnings = cloud.warnings()
      if (warnings.length > 0) throw new Error(`moto warns:\n${warnings.join('\n')}`)
      return `${resources} resources; also with an existing database`

      async function resourceCount(): Promise<number> {
        const found = await cloud.aws(
          'cloudformation',
          'describe-stack-resources',
          '--stack-name',
          stackName,
        )
        return (found as { StackResources: unknown[] }).StackResources.length
      }
      async function remove(): Promise<void> {
        await cloud.aws('cloudformation', 'delete-stack', '--stack-name', stackName)
        const left = await cloud.aws(
          'ec2',
          'describe-instances',
          '--query',
          "Reservations[].Instances[?State.Name=='running'][].InstanceId",
        )
        if ((left as string[]).length > 0) throw new Error(`left behind: ${String(left)}`)
      }
    } finally {
      cloud.stop()
    }
  },
}
