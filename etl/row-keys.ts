import { IdSet } from './id-set.ts'
import type { Refusal } from './reject-reason.ts'
import type { SourceFile, SourceFileName } from './source-files.ts'

/** The ids of the rows to load, of each file read so far: what the rows of later files may name as their parents. */
export type ParentIds = Map<SourceFileName, Pick<IdSet, 'has'>>

interface Parent {
  readonly at: number
  readonly ids: Pick<IdSet, 'has'>
  readonly refusal: Refusal
}

/** What a well-formed row must still be beside the others: its parents are there, its id is new. */
export class RowKeys {
  /** The ids of the rows that passed. */
  readonly ids = new IdSet()
  readonly #idAt: number
  readonly #parents: readonly Parent[]
  readonly #duplicate: Refusal

  constructor(file: SourceFile, parents: ParentIds) {
    this.#idAt = file.columns.findIndex(({ kind }) => kind === 'id')
    this.#duplicate = { reason: 'duplicate', column: file.columns[this.#idAt]!.name }
    this.#parents = file.columns.flatMap(({ name, parent }, at) => {
      if (parent === undefined) return []
      const ids = parents.get(parent)
      if (ids === undefined) throw new Error(`${parent} must be read before ${file.name}`)
      return [{ at, ids, refusal: { reason: 'orphan', column: name } }]
    })
  }

  /** Takes the numbers of a row, one a column; remembers its id unless it refuses the row. */
  check(numbers: Int32Array): Refusal | undefined {
    for (const { at, ids, refusal } of this.#parents) {
      if (!ids.has(numbers[at]!)) return refusal
    }
    return this.ids.add(numbers[this.#idAt]!) ? undefined : this.#duplicate
  }
}
