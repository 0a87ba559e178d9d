import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { settings } from '../lib/config.ts'

describe('the table of settings in README.md', () => {
  it('names every setting, its default and its meaning as the code has them', () => {
    const rows = readFileSync('README.md', 'utf8')
      .split('\n')
      .filter((line) => /^\| `[A-Z_]+` \|/.test(line))

    expect(rows).toEqual(
      Object.values(settings).map(
        ({ name, defaultText, description }) =>
          `| \`${name}\` | ${shownDefault(defaultText)} | ${description} |`,
      ),
    )
  })
})

describe('.env.example', () => {
  it('has every setting under its meaning, those with a default set to it', () => {
    const [, ...blocks] = readFileSync('.env.example', 'utf8').trimEnd().split('\n\n')

    expect(blocks.map((block) => block.replace(/=postgres:.*$/, '='))).toEqual(
      Object.values(settings).map(({ name, defaultText, description }) => {
        const isOptional = defaultText === ''
        return `# ${description}\n${isOptional ? '# ' : ''}${name}=${defaultText ?? ''}`
      }),
    )
  })
})

function shownDefault(text: string | undefined): string {
  if (text === undefined) return 'required'
  return text === '' ? 'none' : `\`${text}\``
}
