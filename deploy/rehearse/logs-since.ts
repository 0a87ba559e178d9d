import type { Site } from './site.ts'

const linesMax = 60
const folder = '/var/log/product-overview'
/** What NGINX answered well says nothing. */
const commands = {
  nginx: `grep -vE '"status":(200|304|404),' ${folder}/nginx.log | tail -n ${linesMax}`,
  api1: `tail -n ${linesMax} ${folder}/api.log`,
  api2: `tail -n ${linesMax} ${folder}/api.log`,
} as const

/** The ends of what NGINX and the API instances have logged since a moment (ms): the other side of a GET that failed. */
export async function logsSince({ machines }: Site, sinceMs: number): Promise<string> {
  const journal = `journalctl --no-pager --output=short-precise --since=@${Math.floor(sinceMs / 1000)} --lines=${linesMax}`
  const names = ['nginx', 'api1', 'api2'] as const
  const logs = await Promise.all(
    names.map(async (name) => {
      const { stdout } = await machines[name].run(`${journal}; ${commands[name]}`, {
        mayFail: true,
      })
      return `--- ${name}\n${stdout}`
    }),
  )
  return logs.join('')
}
