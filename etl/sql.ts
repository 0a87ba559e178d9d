import { readFileSync } from 'node:fs'

/**
 * The text of `etl/<name>.sql`. The build replaces this module by one that holds the texts,
 * so that `dist/etl.js` runs alone.
 */
export function sqlText(name: string): string {
  return readFileSync(new URL(`./${name}.sql`, import.meta.url), 'utf8')
}

/** The statements of `etl/<name>.sql`, in order, for files whose statements hold no `;` of their own. */
export function sqlStatements(name: string): string[] {
  return sqlText(name)
    .replace(/^\s*--.*$/gm, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}
