/** The most that a price may be. */
export const PRICE_MAX = 2147483647

/** A price as PostgreSQL takes it, such as `1299.5` for `$1,299.5`; undefined when the text is no price. */
export function parsePrice(text: string): string | undefined {
  const parts = /^\$?(\d+|\d{1,3}(?:,\d{3})+)(\.\d{1,2})?$/.exec(text)
  if (parts === null) return undefined
  const whole = parts[1]!.replaceAll(',', '').replace(/^0+(?=\d)/, '')
  return whole + (parts[2] ?? '')
}
