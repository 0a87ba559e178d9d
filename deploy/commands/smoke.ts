import { Command } from 'commander'
import { checks } from './smoke-checks.ts'
import { runCommand } from './command.ts'

const command = new Command('smoke')
  .description(
    'Asks a running service what a shop asks, and says what is wrong. It only reads: safe at any time.',
  )
  .argument('<url>', 'where it answers, like https://shop.example')
  .option('--dry-run', 'say what would be asked', false)
  .action(smoke)

async function smoke(url: string, { dryRun }: { dryRun: boolean }): Promise<void> {
  let failures = 0
  for (const { name, check } of checks) {
    if (dryRun) {
      console.log(`would check: ${name}`)
      continue
    }
    const wrong = await check(new URL(url)).catch((error: unknown) => String(error))
    console.log(wrong === undefined ? `ok    ${name}` : `WRONG ${name}: ${wrong}`)
    if (wrong !== undefined) failures += 1
  }
  if (failures > 0) throw new Error(`${failures} of ${checks.length} are wrong at ${url}`)
}

await runCommand(command)
