/** Text that is safe between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** JSON for a script element: `</script>` inside a text would end it. */
export function embedJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', String.raw`\u003c`)
}

export interface Column {
  readonly head: string
  readonly number?: boolean
}

/** A table of cells that are HTML already; columns of numbers stand right. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const side = columns.map(({ number }) => (number ? ' class="number"' : ''))
  const head = columns.map(({ head: text }, i) => `<th${side[i]}>${escapeHtml(text)}</th>`)
  const body = rows.map(
    (cells) => `<tr>${cells.map((cell, i) => `<td${side[i]}>${cell}</td>`).join('')}</tr>`,
  )
  // On a narrow screen the table scrolls, not the page.
  return `<div class="wide"><table><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`
}
