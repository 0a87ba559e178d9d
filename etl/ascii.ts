/** The bytes that the format of the files is made of. */
export const ascii = {
  tab: 0x09,
  lf: 0x0a,
  cr: 0x0d,
  blank: 0x20,
  quote: 0x22,
  dollar: 0x24,
  comma: 0x2c,
  backslash: 0x5c,
  dot: 0x2e,
  zero: 0x30,
  one: 0x31,
  nine: 0x39,
} as const
