import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type GenerateProgress, generateCatalogue } from '../../etl/generate.ts'
import type { GateLimits } from '../../etl/gates.ts'
import type { Manifest } from '../../etl/generate-manifest.ts'
import { importCatalogue } from '../../etl/import.ts'
import { printSummary } from '../../etl/print-summary.ts'
import { progressBars } from '../../etl/progress-bars.ts'
import { progressLines } from '../../etl/progress-lines.ts'
import type { Progress, Task } from '../../etl/progress.ts'
import { LocalError } from './local-error.ts'

/** The same catalogue on every machine. */
const seed = 1

export interface SampleOptions {
  readonly databaseUrl: string
  /** Gets `sample`, the six files, and `rejects`. */
  readonly dir: string
  readonly products: number
  readonly gates?: Partial<GateLimits>
  readonly signal: AbortSignal
  /** Told how the import gets on, where there is no terminal for bars, and what came of it. Default console.log. */
  readonly log?: (text: string) => void
}

/**
 * Generates the sample catalogue, or takes the one that a former start generated, imports it and publishes it, telling on
 * the terminal how far it is. Stopped in the middle it leaves nothing that the next start would take for complete.
 */
export const publishSample = async (options: SampleOptions) => {
  const { log = console.log } = options
  const progress = process.stderr.isTTY ? progressBars(process.stderr) : progressLines(log)
  try {
    const sampleDir = join(options.dir, 'sample')
    if ((await productsIn(sampleDir)) !== options.products)
      await generate(sampleDir, options, progress)
    const summary = await importCatalogue({
      databaseUrl: options.databaseUrl,
      dir: sampleDir,
      rejectsDir: join(options.dir, 'rejects'),
      ...(options.gates && { gates: options.gates }),
      progress,
      signal: options.signal,
    })
    progress.close()
    log(printSummary(summary))
    if (!summary.published) throw new LocalError('the sample was refused: see above')
  } finally {
    progress.close()
  }
}

// Undefined when there is no whole sample: its manifest is written last.
const productsIn = async (sampleDir: string): Promise<number | undefined> => {
  const manifest = await readFile(join(sampleDir, 'manifest.json'), 'utf8').catch(() => '{}')
  return (JSON.parse(manifest) as Partial<Manifest>).products
}

const generate = async (sampleDir: string, options: SampleOptions, progress: Progress) => {
  const { products, signal } = options
  const bars = barPerFile(progress)
  // The generator refuses to write over a catalogue of another size; this one is ours to replace.
  await rm(sampleDir, { recursive: true, force: true })
  await generateCatalogue({ products, seed, outDir: sampleDir, signal, ...bars })
  bars.end()
}

const barPerFile = (progress: Progress) => {
  let task: Task | undefined
  let fileNow = ''
  return {
    onProgress: ({ file, rows, rowsTotal }: GenerateProgress) => {
      if (file !== fileNow) {
        task?.end()
        task = progress.begin(`generate ${file}`, rowsTotal, 'rows')
        fileNow = file
      }
      task?.advance(rows, rows)
    },
    end: () => task?.end(),
  }
}
