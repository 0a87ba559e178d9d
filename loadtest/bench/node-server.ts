import { type Child, startChild, waitUntilReady } from './child.ts'
import type { Running } from './contestant.ts'
import { findFreePort } from './free-port.ts'

const startMsMax = 20_000

export interface NodeServerPlan {
  readonly name: string
  /** For node. */
  readonly args: readonly string[]
  readonly cwd?: string
  readonly log: string
  readonly env: Readonly<Record<string, string>>
  /** A path that answers 200 as soon as the server works. */
  readonly path: string
}

/** A started server and where it answers. */
export interface NodeServer {
  readonly child: Child
  readonly origin: string
}

/** Starts a Node program on a free port, as it runs in production, and waits until it answers. */
export const startNodeServer = async (plan: NodeServerPlan): Promise<NodeServer> => {
  const port = await findFreePort()
  const child = await startChild({
    command: process.execPath,
    args: plan.args,
    env: { NODE_ENV: 'production', ...plan.env, PORT: `${port}` },
    log: plan.log,
    ...(plan.cwd !== undefined && { cwd: plan.cwd }),
  })
  const origin = `http://127.0.0.1:${port}`
  await waitUntilReady(plan.name, [child], () => answers(`${origin}${plan.path}`), startMsMax)
  return { child, origin }
}

/** A contestant that is one Node process and keeps nothing of what it was asked. */
export const runningAlone = ({ child, origin }: NodeServer): Running => ({
  origin,
  serverPids: [child.pid],
  helperPids: [],
  fillsByAsking: false,
  stop: child.stop,
})

/** Whether a GET is answered with 200 at this moment. */
export const answers = async (url: string): Promise<boolean> => {
  try {
    const response = await fetch(url)
    await response.arrayBuffer()
    return response.status === 200
  } catch {
    return false
  }
}
