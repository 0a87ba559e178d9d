import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const readme = join('loadtest', 'etl-bench', 'README.md')
const end = '<!-- /written -->'

/** Puts the tables of a result into the README, in the place of those that the same options have written before. */
export const publishResult = async (options: string, markdown: string): Promise<void> => {
  const text = await readFile(readme, 'utf8')
  const begin = `<!-- written by npm run bench:etl -- ${options} -->`
  const from = text.indexOf(begin)
  const to = text.indexOf(end, from)
  if (from === -1 || to === -1) throw new Error(`${readme}: expected ${begin} and ${end} in it`)
  const section = `${begin}\n\n${markdown}\n\n`
  await writeFile(readme, text.slice(0, from) + section + text.slice(to))
}
