import { Command } from 'commander'
import { pushRelease } from '../push.ts'
import { keptDefault, keptMin } from '../retention.ts'
import { withoutPassword } from '../session.ts'
import { keptMax, releaseNumber, wholeNumber } from './arguments.ts'
import { interruption } from './interruption.ts'
import { progressFor } from './progress-for.ts'
import { databaseUrl } from './with-database.ts'

interface Flags {
  release?: number
  publish: boolean
  keep: number
  json?: true
}

export const pushCommand = () =>
  new Command('push')
    .description('copy a release into another PostgreSQL, verify it and publish it there')
    .argument('<target-url>', 'the other PostgreSQL, postgres://user:password@host:port/database')
    .option('--release <n>', 'which one (default: the live one)', releaseNumber)
    .option('--no-publish', 'leave it unpublished there')
    .option(
      '--keep <n>',
      'how many releases stay there',
      wholeNumber(keptMin, keptMax),
      keptDefault,
    )
    .option('--json', 'report progress and the result as JSON lines')
    .action(runPush)

async function runPush(targetUrl: string, flags: Flags, command: Command): Promise<void> {
  const progress = progressFor(flags.json === true)
  const result = await pushRelease({
    databaseUrl: databaseUrl(command),
    targetUrl,
    release: flags.release,
    publish: flags.publish,
    kept: flags.keep,
    progress,
    signal: interruption(),
  }).finally(() => progress.close())
  if (flags.json) {
    console.log(JSON.stringify({ result }))
    return
  }
  for (const { table, rows, digest } of result.digests) {
    console.log(
      `${table.padEnd(18)} ${rows.toLocaleString('en').padStart(11)} rows  ${digest}  same on both sides`,
    )
  }
  const state = result.published ? 'live' : 'ready, not published'
  console.log(
    `release ${result.release} is release ${result.targetRelease} of ${withoutPassword(targetUrl)}, ${state}`,
  )
}
