import { readOptions } from './bench/options.ts'
import { runBench } from './bench/run-bench.ts'
import { runInterruptible } from './bench/run-interruptible.ts'

const args = process.argv.slice(2)

const isRight = await runInterruptible(() =>
  runBench(readOptions(args), ['npm run bench --', ...args].join(' ')),
)
process.exitCode = isRight ? 0 : 1
