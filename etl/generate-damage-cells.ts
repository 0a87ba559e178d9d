import { flagCases, integerCases, priceCases, salePriceCases } from './generate-damage-numbers.ts'
import { featureValueCases, textCases } from './generate-damage-texts.ts'
import { urlCases } from './generate-damage-urls.ts'
import type { DamageCase } from './generate-damage.ts'
import type { ColumnKind, SourceColumn } from './source-files.ts'

/** What can go wrong in one column, by its kind. */
export function cellCases({ name, kind }: SourceColumn, index: number): DamageCase[] {
  return casesOfKind[kind](name, index)
}

const casesOfKind: Record<ColumnKind, (column: string, index: number) => DamageCase[]> = {
  id: (column, index) => integerCases(column, index, 1),
  parent: (column, index) => integerCases(column, index, 1),
  quantity: (column, index) => integerCases(column, index, 0),
  flag: flagCases,
  price: priceCases,
  nullablePrice: salePriceCases,
  text: textCases,
  nullableText: featureValueCases,
  url: urlCases,
}
