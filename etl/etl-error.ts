/** A failure that the operator can mend: its message says what was expected and what came, and no stack is printed. */
export class EtlError extends Error {
  override name = 'EtlError'
  readonly exitCode: number

  constructor(message: string, options: ErrorOptions & { exitCode?: number } = {}) {
    super(message, options)
    this.exitCode = options.exitCode ?? 1
  }
}
