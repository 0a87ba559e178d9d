import { awsFor, type CommonOptions, deployCommand, runCommand } from './command.ts'
import { pointerHistory, type Release, releaseBefore } from './pointer.ts'
import { roll } from './roll.ts'

const command = deployCommand(
  'rollback',
  'Brings every instance back to the release before the current one, or to the one named.',
)
  .argument('[version]', 'a release that was current once')
  .action(rollback)

async function rollback(version: string | undefined, options: CommonOptions): Promise<void> {
  const aws = awsFor(options)
  const history = await pointerHistory(aws, options.stack)
  const target = version === undefined ? releaseBefore(history) : named(history, version)
  if (target === undefined) {
    throw new Error(`nothing came before ${history.at(-1)?.version ?? 'the first release'}`)
  }
  await roll(aws, options.stack, target)
  console.log(`${target.version} is released`)
}

function named(history: readonly Release[], version: string): Release {
  const found = history.findLast((release) => release.version === version)
  if (found !== undefined) return found
  const known = [...new Set(history.map((release) => release.version))].join(', ')
  throw new Error(`expected one of ${known}, came ${version}`)
}

await runCommand(command)
