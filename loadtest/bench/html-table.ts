import { escapeHtml } from '../report/markup.ts'

/** A table; the first row of text is its head. Cells are escaped. */
export const htmlTable = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
  classOf: (row: number) => string = () => '',
): string =>
  `<div class="scroll"><table><thead><tr>${cells('th', head)}</tr></thead><tbody>` +
  rows.map((row, place) => `<tr class="${classOf(place)}">${cells('td', row)}</tr>`).join('') +
  '</tbody></table></div>'

const cells = (tag: 'th' | 'td', texts: readonly string[]) =>
  texts.map((text) => `<${tag}>${escapeHtml(text)}</${tag}>`).join('')
