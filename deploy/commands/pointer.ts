import type { Aws } from './aws.ts'

/** A release of the program: its version, and the SHA-256 of the artifact that is it. */
export interface Release {
  readonly version: string
  readonly sha256: string
}

const nameOf = (stack: string) => `/${stack}/release`
const written = ({ version, sha256 }: Release) => `${version} ${sha256}`

/** Every release that new instances of a stack were given, oldest first. */
export async function pointerHistory(aws: Aws, stack: string): Promise<Release[]> {
  const found = (await aws.read(['ssm', 'describe-parameters'], {
    parameterFilters: `Key=Name,Values=${nameOf(stack)}`,
    query: 'Parameters[].Name',
  })) as string[]
  if (found.length === 0) return []
  const values = (await aws.read(['ssm', 'get-parameter-history'], {
    name: nameOf(stack),
    query: 'Parameters[].Value',
  })) as string[]
  return values.map(parseRelease)
}

/** The release that instances which start now are given; undefined before the first. */
export const currentRelease = async (aws: Aws, stack: string): Promise<Release | undefined> =>
  (await pointerHistory(aws, stack)).at(-1)

/** From now on new instances are given this release. Does nothing when it is the current one already. */
export async function pointTo(aws: Aws, stack: string, release: Release): Promise<void> {
  const current = await currentRelease(aws, stack)
  if (current !== undefined && written(current) === written(release)) return
  await aws.change(['ssm', 'put-parameter'], {
    name: nameOf(stack),
    value: written(release),
    type: 'String',
    overwrite: true,
  })
}

/**
 * The release before the current one, in the order in which they first came: going back twice does not come forward again.
 */
export function releaseBefore(history: readonly Release[]): Release | undefined {
  const current = history.at(-1)
  const first = history.findIndex(({ version }) => version === current?.version)
  return history[first - 1]
}

function parseRelease(value: string): Release {
  const [, version, sha256] = /^(\S+) ([0-9a-f]{64})$/.exec(value) ?? []
  if (version === undefined || sha256 === undefined) {
    throw new Error(
      `the release parameter: expected "VERSION SHA256", came ${JSON.stringify(value)}`,
    )
  }
  return { version, sha256 }
}
