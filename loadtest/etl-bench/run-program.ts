import { spawn } from 'node:child_process'
import { once } from 'node:events'

const wordsCharsMax = 100_000

export interface Program {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** Runs a program to its end and gives what it printed; throws with its last words when it fails. */
export const runProgram = async (
  { command, args, env }: Program,
  onStart: (pid: number) => void,
): Promise<string> => {
  const child = spawn(command, args, {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let words = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (text: string) => (words = (words + text).slice(-wordsCharsMax)))
  }
  child.once('spawn', () => onStart(child.pid as number))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${words}`)
  return words
}
