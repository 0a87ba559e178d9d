/** What PostgreSQL's processes do during a load. */
export const works = ['rows', 'keys', 'statistics', 'documents', 'other', 'background'] as const
export type Work = (typeof works)[number]

/** What a backend is doing, by its kind and its current or last statement. */
export const workOf = (backendType: string, query: string): Work => {
  if (backendType !== 'client backend') return 'background'
  return kinds.find(({ pattern }) => pattern.test(query))?.work ?? 'other'
}

const kinds: readonly { readonly pattern: RegExp; readonly work: Work }[] = [
  // The commit of a COPY waits for the disk where wal_level is minimal.
  { pattern: /^(copy|commit)\b/i, work: 'rows' },
  { pattern: /^(create (unique )?index|alter table \w+ add)\b/i, work: 'keys' },
  { pattern: /^analyze\b/i, work: 'statistics' },
  { pattern: /^insert into \w+_document\b/i, work: 'documents' },
]
