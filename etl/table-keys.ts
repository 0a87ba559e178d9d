import { sqlStatements } from './sql.ts'

/** The statements of `etl/<name>.sql` that build the keys and indexes of one table, in their order there. */
export function keyStatements(name: 'keys' | 'document-keys', table: string): string[] {
  return sqlStatements(name).filter((statement) => tableOf(statement) === table)
}

/** alter table photo add …, create index … on photo (…) */
const tableOf = (statement: string) => /\b(?:table|on) (\w+)/.exec(statement)?.[1]
