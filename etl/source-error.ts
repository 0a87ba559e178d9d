import { EtlError } from './etl-error.ts'

/** A file or folder of the source that cannot be read as what it should be; the message names it. */
export class SourceError extends EtlError {
  override name = 'SourceError'
}
