import { ascii } from './ascii.ts'

/**
 * A text without the blanks and tabs around it. Not `trim()`, which takes line breaks too, and of texts with one byte
 * a character the half of a character that looks like a no-break space.
 */
export function trimBlanks(text: string): string {
  // Without the lookbehind, a megabyte of blanks inside a text would take quadratic time.
  return text.replace(/^[ \t]+/, '').replace(/(?<![ \t])[ \t]+$/, '')
}

/** Whether a line holds nothing but blanks, tabs and what line ends are made of: it is no row. */
export function isBlank(line: Uint8Array): boolean {
  return line.every(
    (byte) => byte === ascii.blank || byte === ascii.tab || byte === ascii.cr || byte === ascii.lf,
  )
}
