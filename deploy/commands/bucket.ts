import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify, parseEnv } from 'node:util'
import type { Aws } from './aws.ts'
import type { Release } from './pointer.ts'

const run = promisify(execFile)

/** The bucket of the stack `STACK-artifacts`. */
export async function bucketOf(aws: Aws, stack: string): Promise<string> {
  const found = await aws.read(['cloudformation', 'describe-stacks'], {
    stackName: `${stack}-artifacts`,
    query: "Stacks[0].Outputs[?OutputKey=='Bucket'].OutputValue",
  })
  const [bucket] = found as string[]
  if (bucket === undefined) throw new Error(`stack ${stack}-artifacts: expected an output Bucket`)
  return bucket
}

/** Puts an artifact into the bucket, once. Throws when the version is there already with other bytes. */
export async function uploadArtifact(
  aws: Aws,
  bucket: string,
  { file, release }: { file: string; release: Release },
): Promise<void> {
  const key = `releases/${release.version}.tar.gz`
  const there = await checksumOf(aws, bucket, key)
  if (there === release.sha256) return
  if (there !== undefined) {
    throw new Error(`${key} is ${there}, expected ${release.sha256}: a version never changes`)
  }
  await upload(aws, bucket, key, file, release.sha256)
}

/** Puts the Node of deploy/instance/node.env into the bucket, for one architecture, once; throws on another checksum. */
export async function uploadNode(aws: Aws, bucket: string, architecture: 'arm64' | 'x64') {
  const env = parseEnv(await readFile(new URL('../instance/node.env', import.meta.url), 'utf8'))
  const version = env['NODE_VERSION'] ?? ''
  const sha512 = env[`NODE_SHA512_${architecture.toUpperCase()}`] ?? ''
  const key = `runtime/node-${version}-linux-${architecture}.tgz`
  if ((await checksumOf(aws, bucket, key)) === sha512) return
  const folder = await mkdtemp(join(tmpdir(), 'product-overview-node-'))
  const name = `node-linux-${architecture}`
  await run('npm', ['pack', '--silent', '--pack-destination', folder, `${name}@${version}`])
  const file = join(folder, `${name}-${version}.tgz`)
  const came = createHash('sha512')
    .update(await readFile(file))
    .digest('hex')
  if (came !== sha512)
    throw new Error(`${name}@${version}: expected SHA-512 ${sha512}, came ${came}`)
  await upload(aws, bucket, key, file, sha512)
  await rm(folder, { recursive: true })
}

async function upload(aws: Aws, bucket: string, key: string, file: string, checksum: string) {
  await aws.change(['s3api', 'put-object'], {
    bucket,
    key,
    body: file,
    metadata: `checksum=${checksum}`,
  })
}

async function checksumOf(aws: Aws, bucket: string, key: string): Promise<string | undefined> {
  const found = (await aws.read(['s3api', 'list-objects-v2'], {
    bucket,
    prefix: key,
    query: 'Contents[].Key',
  })) as string[] | undefined | null
  if (!found?.includes(key)) return undefined
  const head = await aws.read(['s3api', 'head-object'], { bucket, key })
  return (head as { Metadata: Record<string, string> }).Metadata['checksum']
}
