import type { Catalogue } from './generate-catalogue.ts'
import type { Cells } from './generate-cells.ts'
import { damageCases, type Line } from './generate-damage.ts'
import { Draw } from './generate-draw.ts'
import type { Outcome, PlantedDamage } from './generate-manifest.ts'
import { DamagePlan, type PlannedDamage } from './generate-plan.ts'
import type { LineWriter } from './generate-writer.ts'
import type { RejectReason } from './reject-reason.ts'
import type { SourceFile } from './source-files.ts'

/** A row on its way to the file: its line, or what it takes to write it damaged. */
export type FileRow = string | DamagedRow

interface DamagedRow {
  readonly planned: PlannedDamage
  readonly cells: Cells
}

/** Writes the rows of one file, plants damage in them, and keeps the record of it. */
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

  /** No row before this one is damaged. */
  get dueAt(): number {
    return this.#plan.dueAt
  }

  /** The row with the damage that is due at it, or just its line when none is. */
  damaged(row: number, cells: Cells): FileRow {
    const planned = this.#plan.take(row, cells)
    return planned === undefined ? cells.join(',') : { planned, cells }
  }

  /** Writes a row: with its damage in its place, before it or after it. */
  write(row: FileRow): void {
    if (typeof row === 'string') this.#writer.line(row)
    else this.#writeDamaged(row)
  }

  /** Ends the file with the rows not written yet and late duplicates; related.csv ends without a line feed. */
  finish(rest: readonly FileRow[]): void {
    for (const row of rest.slice(0, -1)) this.write(row)
    for (const plant of this.#late.splice(0)) plant()
    const last = rest.at(-1)
    if (last === undefined) return
    if (this.#isCutShort && typeof last === 'string') {
      this.#writer.line(last, '')
      this.#record('', 'no line feed at the end of the file', 'loaded', '')
      return
    }
    this.write(last)
    for (const plant of this.#late) plant()
  }

  get #isCutShort(): boolean {
    return this.#catalogue.damage > 0 && this.#file.name === 'related.csv'
  }

  #writeDamaged({ planned, cells }: DamagedRow): void {
    const lines = planned.form.write(cells, { catalogue: this.#catalogue, nth: planned.nth })
    const plant = () => this.#plant(planned, lines)
    const { outcome, reason } = planned.damageCase
    if (outcome === 'loaded' || outcome === 'repaired') plant()
    else if (reason === 'duplicate') this.#writeAfter(cells, plant)
    else this.#writeBeside(cells, plant)
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

  #plant({ damageCase, form }: PlannedDamage, lines: readonly Line[]): void {
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
