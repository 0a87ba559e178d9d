/** A failure that the person at the terminal can mend: its message says how, and no stack is printed. */
export class LocalError extends Error {
  override name = 'LocalError'
}
