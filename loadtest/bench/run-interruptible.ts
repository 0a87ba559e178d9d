import { stopAllChildren } from './child.ts'

const interruptedExitCode = 130

/** Runs a bench; whatever it started ends with it, also when it is interrupted. */
export const runInterruptible = async <T>(bench: () => Promise<T>): Promise<T> => {
  process.once('SIGINT', leave)
  process.once('SIGTERM', leave)
  try {
    return await bench()
  } finally {
    await stopAllChildren()
  }
}

const leave = (signal: NodeJS.Signals) => {
  console.log(`\n${signal}: stopping what was started`)
  void stopAllChildren().then(() => process.exit(interruptedExitCode))
}
