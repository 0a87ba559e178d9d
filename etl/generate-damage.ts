import type { Catalogue } from './generate-catalogue.ts'
import type { Cells } from './generate-cells.ts'
import { cellCases } from './generate-damage-cells.ts'
import { parentCases } from './generate-damage-parents.ts'
import { rowCases } from './generate-damage-rows.ts'
import type { Outcome } from './generate-manifest.ts'
import type { RejectReason } from './reject-reason.ts'
import { sourceFiles, type SourceFile } from './source-files.ts'

/**
 * One thing that goes wrong in one column (or in the whole row), in one or more forms, and what the contract
 * says becomes of it. What is rejected is an extra line beside the row it was copied from, what is repaired or
 * accepted replaces a row that means the same: damage never changes what a catalogue holds once it is imported.
 */
export interface DamageCase {
  /** The header name of the column, empty for the whole row. */
  readonly column: string
  readonly outcome: Outcome
  readonly reason: RejectReason | ''
  /** How many are planted in every catalogue. */
  readonly least: number
  /** One more is planted for so many rows of the file. */
  readonly everyRows: number
  /** Taken in turn, from column to column and file to file, so that small catalogues have each of them too. */
  readonly forms: readonly DamageForm[]
}

export interface DamageForm {
  readonly damage: string
  /** Whether a row can be damaged like that; any row can if this is missing. */
  readonly fits?: (cells: Cells) => boolean
  /** Whether so few rows fit that the first of them must not be missed. */
  readonly isRare?: boolean
  /** The damaged line, or two where a line break is the damage. */
  readonly write: (cells: Cells, site: DamageSite) => readonly Line[]
}

/** The content of a line without its line feed: bytes where it is not valid UTF-8. */
export type Line = string | Uint8Array

export interface DamageSite {
  readonly catalogue: Catalogue
  /** How many damages of this case came before. */
  readonly nth: number
}

/** A case and the form that it begins with. */
export interface TurnedCase extends DamageCase {
  readonly turn: number
}

/** Everything that can go wrong in each file, derived from the kinds of its columns. */
export const damageCases: ReadonlyMap<SourceFile, readonly TurnedCase[]> = new Map(
  inTurn(sourceFiles.map((file) => [file, casesOf(file)])),
)

function casesOf(file: SourceFile): DamageCase[] {
  return [...file.columns.flatMap(cellCases), ...parentCases(file), ...rowCases(file)]
}

// Cases of one sort are known by the form they list first.
function* inTurn(
  files: readonly (readonly [SourceFile, readonly DamageCase[]])[],
): Generator<[SourceFile, TurnedCase[]], void> {
  const turns = new Map<string, number>()
  for (const [file, cases] of files) {
    const turned = cases.map((damageCase) => {
      const sort = damageCase.forms[0]?.damage ?? ''
      const turn = turns.get(sort) ?? 0
      turns.set(sort, turn + damageCase.least)
      return { ...damageCase, turn }
    })
    yield [file, turned]
  }
}
