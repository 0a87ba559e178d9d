import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { writeNginxConfig } from './render.ts'
import { parseNginxSettings } from './settings.ts'

const help = `Writes the configuration of NGINX.

  cli.ts --settings FILE --out FOLDER

  --settings FILE   the settings as JSON (the names are those of NginxSettings in settings.ts); - is standard input
  --out FOLDER      where nginx.conf and the files it includes go

LOADERIO_TOKEN in the environment stands for loaderioToken. Check the result with: nginx -t -c FOLDER/nginx.conf
`

const { values } = parseArgs({
  options: {
    settings: { type: 'string' },
    out: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})

if (values.help) {
  process.stdout.write(help)
} else if (values.settings === undefined || values.out === undefined) {
  process.stderr.write(help)
  process.exitCode = 2
} else {
  const { settings: file } = values
  const given: unknown = JSON.parse(
    await (file === '-' ? text(process.stdin) : readFile(file, 'utf8')),
  )
  const token = process.env['LOADERIO_TOKEN']
  const settings = parseNginxSettings(
    token === undefined || token === '' ? given : Object.assign({ loaderioToken: token }, given),
  )
  process.stdout.write(`${await writeNginxConfig(settings, values.out)}\n`)
}
