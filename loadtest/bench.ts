import { stopAllChildren } from './bench/child.ts'
import { readOptions } from './bench/options.ts'
import { runBench } from './bench/run-bench.ts'

const args = process.argv.slice(2)
const interruptedExitCode = 130

const leave = (signal: NodeJS.Signals) => {
  console.log(`\n${signal}: stopping what was started`)
  void stopAllChildren().then(() => process.exit(interruptedExitCode))
}
process.once('SIGINT', leave)
process.once('SIGTERM', leave)

try {
  const isRight = await runBench(readOptions(args), ['npm run bench --', ...args].join(' '))
  process.exitCode = isRight ? 0 : 1
} finally {
  await stopAllChildren()
}
