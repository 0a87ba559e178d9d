import { join } from 'node:path'
import { paths, root } from './folder.ts'
import { run } from './run.ts'

const products = '1000'

/** Six CSV files of a small shop, as the ETL generates them. */
export async function generateSample(): Promise<string> {
  const folder = join(paths.folder, 'csv')
  const options = ['generate', '--products', products, '--seed', '8', '--out', folder]
  await run(join(root, 'node_modules/.bin/tsx'), [join(root, 'etl/cli.ts'), ...options])
  return folder
}
