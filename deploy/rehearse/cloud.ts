import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { paths } from './folder.ts'
import { run } from './run.ts'
import { pythonTools } from './tools.ts'

/** AWS, played by moto on an address of this machine. */
export interface Cloud {
  readonly endpoint: string
  /** Runs the AWS CLI against it and gives its JSON. */
  readonly aws: (...args: readonly string[]) => Promise<unknown>
  /** What moto warned of, without those that are expected. */
  readonly warnings: () => string[]
  readonly stop: () => void
}

const startSecondsMax = 30

/** What moto does not know of; cfn-lint checks these against AWS's own schemas. A type that moto learns must leave this list. */
const unknownToMoto = [
  'AWS::AutoScaling::ScalingPolicy',
  'AWS::CloudWatch::Alarm',
  'AWS::Logs::MetricFilter',
  'AWS::S3::BucketPolicy',
]

/** Starts moto; it knows nothing of earlier runs. */
export async function startCloud(address: string, port: number): Promise<Cloud> {
  const venv = await pythonTools()
  await mkdir(paths.logs, { recursive: true })
  const logFile = join(paths.logs, 'moto.log')
  const moto = spawn(
    join(venv, 'bin/python'),
    [new URL('moto_server.py', import.meta.url).pathname, '--host', address, '--port', `${port}`],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const log = createWriteStream(logFile)
  moto.stdout.pipe(log)
  moto.stderr.pipe(log)
  const endpoint = `http://${address}:${port}`
  await answers(endpoint, moto).catch((error: unknown) => {
    moto.kill('SIGKILL')
    throw error
  })
  return {
    endpoint,
    aws: async (...args) => {
      const { stdout } = await run(join(venv, 'bin/aws'), ['--endpoint-url', endpoint, ...args], {
        env: cloudEnvironment(),
      })
      return stdout.trim() === '' ? undefined : JSON.parse(stdout)
    },
    warnings: () => unexpected(readFileSync(logFile, 'utf8')),
    stop: () => moto.kill('SIGKILL'),
  }
}

/** The environment of a program that uses this cloud. */
export const cloudEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  AWS_ACCESS_KEY_ID: 'rehearsal',
  AWS_SECRET_ACCESS_KEY: 'rehearsal',
  AWS_DEFAULT_REGION: 'eu-central-1',
  AWS_DEFAULT_OUTPUT: 'json',
  AWS_PAGER: '',
})

function unexpected(log: string): string[] {
  const expected = [
    ...unknownToMoto.flatMap((type) => [
      `No Moto CloudFormation support for ${type}`,
      `Tried to parse ${type} but it's not supported`,
    ]),
    // How Python goes on after a warning; what Flask says about itself.
    'parse_resource(resource_json, resources_map)',
    'This is a development server.',
    ' * Running on ',
    'Press CTRL+C to quit',
  ]
  return log
    .split('\n')
    .filter((line) => line.trim() !== '' && !/"[A-Z]+ \S+ HTTP\/1\.1" [1-4]\d\d/.test(line))
    .filter((line) => !expected.some((part) => line.includes(part)))
}

async function answers(endpoint: string, moto: ChildProcess): Promise<void> {
  for (let tries = 0; tries < startSecondsMax * 5; tries += 1) {
    if (moto.exitCode !== null) throw new Error(`moto ended, see ${paths.logs}/moto.log`)
    const response = await fetch(`${endpoint}/moto-api/`).catch(() => undefined)
    if (response?.ok) return
    await sleep(200)
  }
  throw new Error(`moto does not answer at ${endpoint}`)
}
