/** What is sent for one request. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** null where HTTP allows no body: 204 and 304. For HEAD the sender leaves it out. */
  readonly body: Buffer | null
}

/** What is sent for a hit: its headers are ready for Node, names and values in turn. */
export interface ReadyAnswer {
  readonly status: number
  readonly headers: string[]
  readonly body: Buffer | null
}

/** The answer as Hono handlers return it. */
export const toResponse = ({ status, headers, body }: Answer): Response =>
  new Response(body, { status, headers })
