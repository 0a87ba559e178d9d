import { setTimeout as sleep } from 'node:timers/promises'
import type { Aws } from './aws.ts'

const pollMs = 2000
/** An instance that has not begun by then has no Session Manager. */
const beginSecondsMax = 60
const ended = new Set(['Success', 'Failed', 'TimedOut', 'Cancelled', 'Undeliverable', 'Terminated'])

interface Invocation {
  readonly Status: string
  readonly StandardOutputContent: string
  readonly StandardErrorContent: string
}

/**
 * Runs a shell command as root on an instance through Session Manager, waits for its end and gives what it printed.
 * Throws what it said when it fails or takes longer than `secondsMax`.
 */
export async function runOn(
  aws: Aws,
  instance: string,
  command: string,
  secondsMax = 900,
): Promise<string> {
  const sent = await aws.change(['ssm', 'send-command'], {
    documentName: 'AWS-RunShellScript',
    instanceIds: instance,
    timeoutSeconds: `${beginSecondsMax}`,
    parameters: JSON.stringify({ commands: [command], executionTimeout: [`${secondsMax}`] }),
  })
  if (aws.dryRun) return ''
  const { CommandId } = (sent as { Command: { CommandId: string } }).Command
  const { Status, StandardOutputContent, StandardErrorContent } = await invocation(
    aws,
    [CommandId, instance],
    Date.now() + (secondsMax + beginSecondsMax) * 1000,
  )
  if (Status !== 'Success') {
    const said = `${StandardOutputContent}\n${StandardErrorContent}`.trim()
    throw new Error(`${instance}: ${command}: ${Status}\n${said}`)
  }
  return StandardOutputContent
}

async function invocation(
  aws: Aws,
  [command, instance]: [string, string],
  deadline: number,
): Promise<Invocation> {
  for (;;) {
    await sleep(pollMs)
    const got = (await aws.read(['ssm', 'get-command-invocation'], {
      commandId: command,
      instanceId: instance,
    })) as Invocation
    if (ended.has(got.Status)) return got
    if (Date.now() > deadline) throw new Error(`${instance}: no end of ${command} in time`)
  }
}
