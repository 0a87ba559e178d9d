import type { Cells } from './generate-cells.ts'
import type { DamageCase, DamageForm, TurnedCase } from './generate-damage.ts'
import type { Draw } from './generate-draw.ts'

/** One damage to plant: at the first row that it fits from `row` on. */
export interface PlannedDamage {
  readonly row: number
  readonly damageCase: DamageCase
  readonly form: DamageForm
  readonly nth: number
}

// The rest of the file is left to damages that wait for a row they fit.
const plannedShare = 0.9

/** Which rows of a file are damaged and how: decided beforehand, a few thousand entries for millions of rows. */
export class DamagePlan {
  /** No row before this one has anything to do with the plan. */
  dueAt: number
  readonly #queue: readonly PlannedDamage[]
  #next = 0
  #waiting: PlannedDamage[] = []

  constructor(cases: readonly TurnedCase[], rows: number, amount: number, draw: Draw) {
    this.#queue = cases
      .flatMap((damageCase) => planned(damageCase, rows, amount, draw))
      .toSorted((a, b) => a.row - b.row)
    this.dueAt = this.#queue[0]?.row ?? Infinity
  }

  /** The damage for this row, if one is due that fits it. */
  take(row: number, cells: Cells): PlannedDamage | undefined {
    while ((this.#queue[this.#next]?.row ?? Infinity) <= row) {
      this.#waiting.push(this.#queue[this.#next++] as PlannedDamage)
    }
    const place = this.#waiting.findIndex(({ form }) => form.fits?.(cells) ?? true)
    const [found] = place < 0 ? [] : this.#waiting.splice(place, 1)
    this.dueAt = this.#waiting.length > 0 ? row + 1 : (this.#queue[this.#next]?.row ?? Infinity)
    return found
  }
}

function planned(
  damageCase: TurnedCase,
  rows: number,
  amount: number,
  draw: Draw,
): PlannedDamage[] {
  const { least, everyRows, forms, turn } = damageCase
  const count = amount === 0 ? 0 : Math.ceil((least + Math.floor(rows / everyRows)) * amount)
  return Array.from({ length: count }, (_, nth) => {
    const form = forms[(turn + nth) % forms.length] as DamageForm
    const isEarly = form.isRare === true && nth < forms.length
    const row = isEarly ? 0 : draw.below(Math.ceil(rows * plannedShare))
    return { row, damageCase, form, nth }
  })
}
