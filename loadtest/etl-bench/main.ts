import { runInterruptible } from '../bench/run-interruptible.ts'
import { readOptions } from './options.ts'
import { runEtlBench, runReadsBench } from './run-etl-bench.ts'

const args = process.argv.slice(2)

await runInterruptible(async () => {
  const options = readOptions(args)
  const command = ['npm run bench:etl --', ...args].join(' ').trim()
  await (options.reads ? runReadsBench(options, command) : runEtlBench(options, command))
})
