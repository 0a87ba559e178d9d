import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Runs a program to its end, its words on our terminal; throws when it fails. */
export const runToEnd = async (
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> => {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: 'inherit' })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed with ${code}`)
}
