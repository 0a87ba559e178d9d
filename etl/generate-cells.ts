/** One row: its fields as they stand in the file, quotes included. */
export type Cells = readonly string[]

/** Whether a field is SQL NULL, as the files write it. */
export function isNull(cell: string): boolean {
  return cell === 'null'
}

/** A text as the files write it: in quotes, quotes inside doubled (RFC 4180). */
export function quoted(text: string): string {
  return text.includes('"') ? `"${text.replaceAll('"', '""')}"` : `"${text}"`
}
