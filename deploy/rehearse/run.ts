import { spawn } from 'node:child_process'

export interface RunOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly input?: string
  /** A program that fails is no error; the caller looks at `code`. */
  readonly mayFail?: boolean
  readonly secondsMax?: number
}

export interface RunResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end. Throws with all that it said when it fails, or takes longer than `secondsMax` (600). */
export const run = (
  file: string,
  args: readonly string[],
  { cwd, env, input = '', mayFail = false, secondsMax = 600 }: RunOptions = {},
): Promise<RunResult> =>
  new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      ...(cwd !== undefined && { cwd }),
      ...(env !== undefined && { env }),
      timeout: secondsMax * 1000,
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk))
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk))
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0 || (mayFail && code !== null)) resolve({ code: code ?? 1, stdout, stderr })
      else reject(new Error(failure([file, ...args], code ?? signal, stdout + stderr)))
    })
    // A program that never reads is no error.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })

const saidCharactersMax = 4000

const failure = (line: readonly string[], how: number | string | null, said: string) =>
  `${line.join(' ').slice(0, 300)}: ended with ${how}\n${said.slice(-saidCharactersMax)}`
