import { join } from 'node:path'
import { paths, root } from './folder.ts'
import { run } from './run.ts'

/** Runs a command of the ETL on this machine, as the operator does. */
export const etl = (args: readonly string[], env: NodeJS.ProcessEnv = process.env) =>
  run(join(root, 'node_modules/.bin/tsx'), [join(root, 'etl/cli.ts'), ...args], { env })

/** Six CSV files of a small shop, as the ETL generates them; another seed is another shop. */
export async function generateSample(products: number, seed: number): Promise<string> {
  const folder = join(paths.folder, `csv-${seed}`)
  await etl(['generate', '--products', `${products}`, '--seed', `${seed}`, '--out', folder])
  return folder
}
