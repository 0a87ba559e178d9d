import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** A server in a process of its own, started as an operator starts it. */
export interface ServerProcess {
  readonly child: ChildProcess
  /** What it wrote so far. */
  readonly output: () => string
  /** The URL it listens on; rejects when it ends before. */
  readonly url: () => Promise<string>
  /** How it ended. */
  readonly ended: Promise<{ code: number | null; signal: string | null }>
}

/** Runs `node ...args` with nothing in its environment but these variables and what Node needs. */
export const startServer = (
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd?: string,
): ServerProcess => {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const note = (chunk: Buffer) => {
    output += String(chunk)
  }
  child.stdout.on('data', note)
  child.stderr.on('data', note)
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as string | null,
  }))
  return { child, output: () => output, url: () => listeningUrl(() => output, ended), ended }
}

const listeningUrl = async (output: () => string, ended: Promise<unknown>): Promise<string> => {
  let isOver = false
  void ended.then(() => {
    isOver = true
  })
  for (;;) {
    const [, url] = /"url":"([^"]+)".*"msg":"listening"/.exec(output()) ?? []
    if (url !== undefined) return url
    if (isOver) throw new Error(`the server ended: ${output()}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
