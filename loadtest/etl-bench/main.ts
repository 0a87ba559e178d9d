import { stopAllChildren } from '../bench/child.ts'
import { readOptions } from './options.ts'
import { runEtlBench, runReadsBench } from './run-etl-bench.ts'

const args = process.argv.slice(2)
const interruptedExitCode = 130

const leave = (signal: NodeJS.Signals) => {
  console.log(`\n${signal}: stopping what was started`)
  void stopAllChildren().then(() => process.exit(interruptedExitCode))
}
process.once('SIGINT', leave)
process.once('SIGTERM', leave)

try {
  const options = readOptions(args)
  const command = ['npm run bench:etl --', ...args].join(' ').trim()
  await (options.reads ? runReadsBench(options, command) : runEtlBench(options, command))
} finally {
  await stopAllChildren()
}
