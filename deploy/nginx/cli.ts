import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { writeNginxConfig } from './render.ts'
import { parseNginxSettings } from './settings.ts'

const help = `Writes the configuration of NGINX, and the folders that it names.

  cli.ts --settings FILE --out FOLDER

  --settings FILE   the settings as JSON (the names are those of NginxSettings in settings.ts); - is standard input
  --out FOLDER      where nginx.conf and the files it includes go

LOADERIO_TOKEN in the environment stands for loaderioToken. Check the result with: nginx -t -c FOLDER/nginx.conf
`

try {
  await main()
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exitCode = 1
}

async function main(): Promise<void> {
  const options = { settings: { type: 'string' }, out: { type: 'string' } } as const
  const { values } = parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } } })
  if (values.help) {
    process.stdout.write(help)
    return
  }
  if (values.settings === undefined || values.out === undefined) throw new Error(help)
  const settings = parseNginxSettings(withToken(await readJson(values.settings)))
  process.stdout.write(`${await writeNginxConfig(settings, values.out)}\n`)
}

async function readJson(file: string): Promise<unknown> {
  const content = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8')
  try {
    return JSON.parse(content)
  } catch (cause) {
    throw new Error(`${file}: expected JSON: ${(cause as Error).message}`, { cause })
  }
}

/** What was given, with the token of the environment where it names none. */
function withToken(given: unknown): unknown {
  const token = process.env['LOADERIO_TOKEN']
  const isObject = typeof given === 'object' && given !== null
  return isObject && token ? { loaderioToken: token, ...given } : given
}
