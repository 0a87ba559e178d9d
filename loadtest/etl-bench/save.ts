import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EtlBenchResult } from './results.ts'
import { resultMarkdown } from './tables.ts'

const readme = join('loadtest', 'etl-bench', 'README.md')
const begin = '<!-- written by npm run bench:etl -- --publish -->'
const end = '<!-- /written -->'

/** Puts the tables of a result into the README, in the place of those before. */
export const publishResult = async (result: EtlBenchResult): Promise<void> => {
  const text = await readFile(readme, 'utf8')
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from === -1 || to === -1) throw new Error(`${readme}: expected ${begin} and ${end} in it`)
  const section = `${begin}\n\n${resultMarkdown(result)}\n\n`
  await writeFile(readme, text.slice(0, from) + section + text.slice(to))
}
