/** How long a client is told to wait before it asks again. */
export const retryAfterSeconds = 1

/** The database cannot be asked in time, or too much waits for it already: the answer is 503. */
export class UnavailableError extends Error {
  override name = 'UnavailableError'

  constructor(message = 'no database can be read', options?: ErrorOptions) {
    super(message, options)
  }
}
