import { rm } from 'node:fs/promises'
import { Option } from 'commander'
import { build, checkedOutVersion, packArtifact } from './artifact.ts'
import { bucketOf, uploadArtifact, uploadNode } from './bucket.ts'
import { awsFor, type CommonOptions, deployCommand, runCommand } from './command.ts'
import { roll } from './roll.ts'

interface ReleaseOptions extends CommonOptions {
  readonly allowDirty: boolean
  readonly as?: string
  readonly dist?: string
  readonly architecture: 'arm64' | 'x64'
}

const command = deployCommand(
  'release',
  `Builds what is checked out, puts it into the bucket with its checksum, and brings every instance to it, one at a time.
Before the stack exists it only uploads and points: that is the first step of the first deploy.`,
)
  .option('--allow-dirty', 'also when files differ from the commit', false)
  .option('--as <version>', 'the name of the release, instead of version and commit')
  .option('--dist <folder>', 'what was built already, instead of building')
  .addOption(
    new Option('--architecture <name>', 'of the instances')
      .choices(['arm64', 'x64'])
      .default('arm64'),
  )
  .action(release)

async function release(options: ReleaseOptions): Promise<void> {
  const { stack, allowDirty, dist, architecture } = options
  const aws = awsFor(options)
  const bucket = await bucketOf(aws, stack)
  const version = options.as ?? (await checkedOutVersion({ allowDirty }))
  if (dist === undefined) await build()
  const artifact = await packArtifact(version, dist)
  console.log(`${version}: sha256 ${artifact.release.sha256}`)
  try {
    await uploadNode(aws, bucket, architecture)
    await uploadArtifact(aws, bucket, artifact)
  } finally {
    await rm(artifact.folder, { recursive: true })
  }
  await roll(aws, stack, artifact.release)
  console.log(`${version} is released`)
}

await runCommand(command)
