import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { resultMarkdown } from './markdown.ts'
import { resultPage } from './page.ts'
import type { BenchResult } from './results.ts'

const directory = join('loadtest', 'results')
const journal = join('loadtest', 'RESULTS.md')

/** Writes a result as JSON and as a page, and says where the page is. Called again, it writes over what it wrote before. */
export const saveResult = async (
  result: BenchResult,
  name = `bench-${result.startedAt.replaceAll(/[:.]/g, '-')}`,
): Promise<string> => {
  await mkdir(directory, { recursive: true })
  await writeFile(join(directory, `${name}.json`), `${JSON.stringify(result, undefined, 2)}\n`)
  const page = join(directory, `${name}.html`)
  await writeFile(page, resultPage(result))
  return page
}

/** Makes a result the published one: its files are kept in the repository, its tables stand in loadtest/RESULTS.md. */
export const publishResult = async (result: BenchResult): Promise<void> => {
  await saveResult(result, 'published-bench')
  const text = await readFile(journal, 'utf8').catch(() => '# Results\n')
  await writeFile(journal, withSection(text, resultMarkdown(result)))
}

const begin = '<!-- bench: written by npm run bench -- --publish -->'
const end = '<!-- /bench -->'

/** The text with its bench's section replaced, or added at the end when it had none. */
export const withSection = (text: string, section: string): string => {
  const marked = `${begin}\n${section}\n${end}`
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  return from === -1 || to === -1
    ? `${text.trimEnd()}\n\n${marked}\n`
    : text.slice(0, from) + marked + text.slice(to + end.length)
}
