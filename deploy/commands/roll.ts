import { setTimeout as sleep } from 'node:timers/promises'
import type { Aws } from './aws.ts'
import { type Group, groups, type Member, membersOf } from './fleet.ts'
import { currentRelease, pointTo, type Release } from './pointer.ts'
import { runOn } from './remote.ts'

const switchRelease = '/opt/product-overview/current/deploy/instance/switch-release'
/** NGINX leaves an instance that failed out for 5 s (fail_timeout): the next one begins when the last is back for sure. */
const pauseMs = 6000

/**
 * Brings every instance of a stack to a release, one at a time: databases, API, NGINX; then moves the pointer, so that new
 * instances get it as well, and looks once more for those that started meanwhile. An instance where it does not become
 * ready goes back by itself; then those before it are brought back too, and an error is thrown.
 */
export async function roll(aws: Aws, stack: string, release: Release): Promise<void> {
  const previous = await currentRelease(aws, stack)
  const done: Member[] = []
  try {
    await rollMembers(aws, stack, release, done)
  } catch (error) {
    console.error(`${(error as Error).message}\ngoing back to ${previous?.version ?? 'nothing'}`)
    if (previous !== undefined) await switchAll(aws, done, previous)
    throw new Error(`${release.version} was not released; all instances run what they ran before`, {
      cause: error,
    })
  }
  await pointTo(aws, stack, release)
  await rollMembers(aws, stack, release, done)
}

async function rollMembers(
  aws: Aws,
  stack: string,
  release: Release,
  done: Member[],
): Promise<void> {
  for (const group of groups) {
    const members = await membersOf(aws, stack, group)
    for (const member of members.filter(({ id }) => !done.some((past) => past.id === id))) {
      await switchOne(aws, member, release)
      done.push(member)
    }
  }
}

async function switchAll(aws: Aws, members: readonly Member[], release: Release): Promise<void> {
  for (const member of members) await switchOne(aws, member, release)
}

async function switchOne(aws: Aws, { id, group }: Member, { version, sha256 }: Release) {
  await runOn(aws, id, `${switchRelease} ${version} ${sha256}`)
  console.log(`${group} ${id}: ${version}`)
  if (needsPause(group) && !aws.dryRun) await sleep(pauseMs)
}

const needsPause = (group: Group) => group === 'Api'
