import type { Catalogue } from './generate-catalogue.ts'
import type { Cells } from './generate-cells.ts'
import { damageCases, type Line } from './generate-damage.ts'
import { Draw } from './generate-draw.ts'
import type { Outcome, PlantedDamage } from './generate-manifest.ts'
import { DamagePlan, type PlannedDamage } from './generate-plan.ts'
import type { LineWriter } from './generate-writer.ts'
import type { RejectReason } from './reject-reason.ts'
import type { SourceFile } from './source-files.ts'

/** Writes the damaged lines of one file and keeps the record of them. */
export class Planter {
  readonly damages: PlantedDamage[] = []
  readonly #catalogue: Catalogue
  readonly #file: SourceFile
  readonly #writer: LineWriter
  readonly #draw: Draw
  readonly #plan: DamagePlan
  /** Duplicates that come at the end of the file, far from the row they repeat. */
  readonly #late: (() => void)[] = []

  constructor(catalogue: Catalogue, file: SourceFile, writer: LineWriter, rows: number) {
    this.#catalogue = catalogue
    this.#file = file
    this.#writer = writer
    this.#draw = new Draw(catalogue.seed, `damage of ${file.name}`)
    this.#plan = new DamagePlan(damageCases.get(file) ?? [], rows, catalogue.damage, this.#draw)
  }

  /** Before this row there is nothing to plant. */
  get dueAt(): number {
    return this.#plan.dueAt
  }

  /** Plants what is due at this row; false when the row is still to be written, as it is. */
  plant(row: number, cells: Cells): boolean {
    const planned = this.#plan.take(row, cells)
    if (planned === undefined) return false
    const lines = planned.form.write(cells, { catalogue: this.#catalogue, nth: planned.nth })
    const plant = () => this.#write(planned, lines)
    const { outcome, reason } = planned.damageCase
    if (outcome === 'loaded' || outcome === 'repaired') plant()
    else if (reason === 'duplicate') this.#writeAfter(cells, plant)
    else this.#writeBeside(cells, plant)
    return true
  }

  /** Ends the file: late duplicates, then the rows not written yet, the last one without a line feed in related.csv. */
  finish(rest: readonly string[]): void {
    for (const plant of this.#late) plant()
    for (const row of rest.slice(0, -1)) this.#writer.line(row)
    const last = rest.at(-1)
    if (last === undefined) return
    const isCutShort = this.#catalogue.damage > 0 && this.#file.name === 'related.csv'
    this.#writer.line(last, isCutShort ? '' : '\n')
    if (isCutShort) this.#record('', 'no line feed at the end of the file', 'loaded', '')
  }

  // The first valid row of an id is the one that loads: what repeats it comes later, next to it or far away.
  #writeAfter(cells: Cells, plant: () => void): void {
    this.#writer.line(cells.join(','))
    if (this.#draw.oneIn(2)) this.#late.push(plant)
    else plant()
  }

  #writeBeside(cells: Cells, plant: () => void): void {
    const isBefore = this.#draw.oneIn(2)
    if (isBefore) plant()
    this.#writer.line(cells.join(','))
    if (!isBefore) plant()
  }

  #write({ damageCase, form }: PlannedDamage, lines: readonly Line[]): void {
    const { column, outcome, reason } = damageCase
    for (const content of lines) {
      this.#writer.line(content)
      this.#record(column, form.damage, outcome, reason)
    }
  }

  #record(column: string, damage: string, outcome: Outcome, reason: RejectReason | ''): void {
    const { lines: line } = this.#writer
    this.damages.push({ file: this.#file.name, line, column, damage, outcome, reason })
  }
}
