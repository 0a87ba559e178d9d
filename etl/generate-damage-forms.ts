import type { Cells } from './generate-cells.ts'
import type { DamageCase, DamageForm, Line } from './generate-damage.ts'
import type { RejectReason } from './reject-reason.ts'

/** Rows that the real files get wrong are as rare as this, kind by kind: some 190 of 5.6 million photos. */
const rejectedEveryRows = 400_000
const acceptedEveryRows = 50_000

/** A case whose lines are rejected. */
export function rejected(
  reason: RejectReason,
  column: string,
  forms: readonly DamageForm[],
  { least = 1, everyRows = rejectedEveryRows } = {},
): DamageCase {
  return { column, outcome: 'rejected', reason, least, everyRows, forms }
}

/** A case whose rows are loaded as if nothing were wrong with them. */
export function accepted(
  column: string,
  forms: readonly DamageForm[],
  { least = 1, everyRows = acceptedEveryRows } = {},
): DamageCase {
  return { column, outcome: 'loaded', reason: '', least, everyRows, forms }
}

/** A form that puts something else into one cell. */
export function recast(
  damage: string,
  index: number,
  change: (cell: string) => string,
  fits?: (cell: string) => boolean,
): DamageForm {
  return cellForm(
    damage,
    index,
    (cells) => [withCell(cells, index, change(cells[index] as string))],
    fits,
  )
}

/** A form that few rows fit: the first of them is looked for from the first row on. */
export function rare(form: DamageForm): DamageForm {
  return { ...form, isRare: true }
}

/** A form that writes a row anew because of one of its cells. */
export function cellForm(
  damage: string,
  index: number,
  write: (cells: Cells) => readonly Line[],
  fits?: (cell: string) => boolean,
): DamageForm {
  if (fits === undefined) return { damage, write }
  return { damage, write, fits: (cells) => fits(cells[index] as string) }
}

/** A form that breaks a line within one cell: two lines, neither of them a row. */
export function brokenForm(
  index: number,
  halves: (cell: string) => readonly [string, string],
  fits?: (cell: string) => boolean,
): DamageForm {
  const write = (cells: Cells) => {
    const [before, after] = halves(cells[index] as string)
    return [
      [...cells.slice(0, index), before].join(','),
      [after, ...cells.slice(index + 1)].join(','),
    ]
  }
  return cellForm('a line break inside quotes', index, write, fits)
}

/** The row as a line, one cell of it replaced. */
export function withCell(cells: Cells, index: number, cell: string): string {
  return cells.with(index, cell).join(',')
}
