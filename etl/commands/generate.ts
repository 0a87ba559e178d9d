import { Command } from 'commander'
import { damageMax, generateCatalogue, productsMax, seedMax } from '../generate.ts'
import type { Task } from '../progress.ts'
import { decimal, wholeNumber } from './arguments.ts'
import { interruption } from './interruption.ts'
import { progressFor } from './progress-for.ts'

interface Flags {
  out: string
  products: number
  seed: number
  damage: number
}

export const generateCommand = () =>
  new Command('generate')
    .description('write a sample catalogue in the exact format, with every kind of dirt')
    .requiredOption('--out <dir>', 'the folder to write the six files and manifest.json to')
    .option('--products <n>', 'how many products', wholeNumber(1, productsMax), 10_000)
    .option('--seed <n>', 'the same seed gives the same bytes', wholeNumber(0, seedMax), 1)
    .option('--damage <times>', 'how dirty, against the real files', decimal(damageMax), 1)
    .action(generate)

async function generate({ out, ...options }: Flags): Promise<void> {
  const progress = progressFor(false)
  const tasks = new Map<string, Task>()
  const manifest = await generateCatalogue({
    ...options,
    outDir: out,
    signal: interruption(),
    onProgress({ file, rows, rowsTotal }) {
      const task = tasks.get(file) ?? progress.begin(file, rowsTotal, 'rows')
      tasks.set(file, task)
      task.advance(rows)
      if (rows === rowsTotal) task.end()
    },
  }).finally(() => progress.close())
  const rows = Object.values(manifest.files).reduce((sum, { lines }) => sum + lines, 0)
  console.log(
    `${out}: six files, ${rows.toLocaleString('en')} rows; manifest.json lists the damage planted`,
  )
}
