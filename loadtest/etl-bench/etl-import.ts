import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withDatabase } from './database.ts'
import type { FileLoad, ImportLoad } from './load.ts'
import { observe } from './observe.ts'
import { runProgram } from './run-program.ts'
import type { BenchServer } from './server.ts'
import { type FileName, fileNames } from './source-folders.ts'

export interface ImportPlan {
  readonly dir: string
  readonly jobs: number | undefined
  /** From its source, which tsx compiles while it starts, instead of the bundle. */
  readonly fromSource?: boolean
}

interface Summary {
  readonly published: boolean
  readonly files: Readonly<Record<string, { loaded: number; bytes: number; seconds: number }>>
  readonly phases: Readonly<Record<string, number>>
}

/** `etl import` of the six files into an empty database, until the catalogue is published. */
export const etlImport = (server: BenchServer, plan: ImportPlan): Promise<ImportLoad> =>
  withDatabase(server, async (url) => {
    const scratch = await mkdtemp(join(tmpdir(), 'product-overview-etl-bench-'))
    try {
      const cost = await observe(server, async (onStart) => {
        await runProgram(programOf(plan, url, scratch), onStart)
      })
      const text = await readFile(join(scratch, 'summary.json'), 'utf8')
      const summary = JSON.parse(text) as Summary
      if (!summary.published)
        throw new Error(`the import of ${plan.dir} was not published: ${text}`)
      return { ...cost, phases: summary.phases, files: filesOf(summary) }
    } finally {
      await rm(scratch, { recursive: true })
    }
  })

const programOf = ({ dir, jobs, fromSource }: ImportPlan, url: string, scratch: string) => ({
  command: process.execPath,
  args: [
    ...(fromSource ? ['--import', 'tsx', 'etl/cli.ts'] : ['dist/etl.js']),
    'import',
    dir,
    `--rejects=${join(scratch, 'rejects')}`,
    `--summary=${join(scratch, 'summary.json')}`,
    ...(jobs === undefined ? [] : [`--jobs=${jobs}`]),
  ],
  env: { DATABASE_URL: url },
})

const filesOf = ({ files }: Summary): Record<FileName, FileLoad> => {
  const loads = fileNames.map((name) => {
    const { loaded = 0, bytes = 0, seconds = 0 } = files[`${name}.csv`] ?? {}
    return [name, { rows: loaded, bytes, seconds }] as const
  })
  return Object.fromEntries(loads) as Record<FileName, FileLoad>
}
