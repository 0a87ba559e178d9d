import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { withClient } from '../bench/postgres.ts'
import { withDatabase } from './database.ts'
import type { FileLoad, Load } from './load.ts'
import { observe } from './observe.ts'
import { runProgram } from './run-program.ts'
import type { BenchServer } from './server.ts'
import { bytesOf, type FileName, fileNames } from './source-folders.ts'

/** `psql \copy` of six files, one after the other as psql does it, into bare unlogged tables. */
export const plainCopy = (server: BenchServer, dir: string): Promise<Load> =>
  withDatabase(server, async (url) => {
    const bareTables = await readFile(new URL('bare-tables.sql', import.meta.url), 'utf8')
    await withClient(url, (client) => client.query(bareTables))
    const { password, programs } = server
    const commands = fileNames.flatMap((name) => ['--command', copyCommand(dir, name)])
    const program = {
      command: join(programs, 'psql'),
      args: [
        '--no-psqlrc',
        '--set=ON_ERROR_STOP=1',
        '--command=\\timing on',
        ...commands,
        '-d',
        withoutPassword(url),
      ],
      env: { PGPASSWORD: password },
    }
    let words = ''
    const cost = await observe(server, async (onStart) => {
      words = await runProgram(program, onStart)
    })
    return { ...cost, files: filesOf(words, dir) }
  })

const copyCommand = (dir: string, name: FileName) =>
  `\\copy ${name} from '${resolve(dir, `${name}.csv`)}' with (format csv, header, null 'null')`

const withoutPassword = (text: string) => {
  const url = new URL(text)
  url.password = ''
  return url.href
}

// COPY 1000011
// Time: 3011.507 ms (00:03.012)
const filesOf = (words: string, dir: string): Record<FileName, FileLoad> => {
  const copies = [...words.matchAll(/^COPY (\d+)\nTime: ([\d.]+) ms/gm)]
  const loads = fileNames.map((name, at) => {
    const [, rows, ms] = copies[at] ?? []
    const bytes = bytesOf(dir, name)
    return [name, { rows: Number(rows), bytes, seconds: Number(ms) / 1000 }] as const
  })
  return Object.fromEntries(loads) as Record<FileName, FileLoad>
}
