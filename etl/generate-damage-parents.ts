import type { Catalogue } from './generate-catalogue.ts'
import { rejected } from './generate-damage-forms.ts'
import type { DamageCase, DamageForm, DamageSite } from './generate-damage.ts'
import { hashAt } from './generate-draw.ts'
import type { SourceColumn, SourceFile } from './source-files.ts'

// About one related id in a thousand leads nowhere: half of them are 0, half name a product that is missing.
const deadRelationsEveryRows = 2_000

/** Rows whose parent is missing or rejected, and the rejected parents themselves. */
export function parentCases(file: SourceFile): DamageCase[] {
  const orphans = file.columns.flatMap((column, index) =>
    column.parent === undefined ? [] : orphanCases(column, index),
  )
  return [...orphans, ...rejectedParents(file)]
}

function orphanCases(column: SourceColumn, index: number): DamageCase[] {
  const isProduct = column.parent === 'product.csv'
  const parent = isProduct ? 'product' : 'style'
  const form = (damage: string, id: (site: DamageSite) => number): DamageForm => ({
    damage,
    write: (cells, site) => [cells.with(index, String(id(site))).join(',')],
  })
  const missing = form(`a ${parent} that is missing`, ({ catalogue, nth }) =>
    isProduct ? missingProduct(catalogue, 'missing', nth) : missingStyle(catalogue, 'missing', nth),
  )
  const child = form(`a ${parent} that is rejected`, ({ catalogue, nth }) =>
    isProduct ? rejectedProduct(catalogue, nth >> 1) : rejectedStyle(catalogue, nth >> 1),
  )
  const past = form(`a ${parent} past the last`, () => 2_147_483_647)
  const isRelation = column.name === 'related_product_id'
  return [
    rejected('orphan', column.name, [child], { least: 4 }),
    rejected('orphan', column.name, [past]),
    rejected('orphan', column.name, [missing], {
      least: 2,
      ...(isRelation && { everyRows: deadRelationsEveryRows }),
    }),
    ...(isRelation ? [relatedToNothing(index)] : []),
  ]
}

function relatedToNothing(index: number): DamageCase {
  const form: DamageForm = {
    damage: 'related to product 0',
    write: (cells) => [cells.with(index, '0').join(',')],
  }
  return rejected('out of range', 'related_product_id', [form], {
    least: 2,
    everyRows: deadRelationsEveryRows,
  })
}

// A product that is rejected for its price, and styles that are rejected for theirs or with their product.
function rejectedParents({ name }: SourceFile): DamageCase[] {
  if (name === 'product.csv') {
    const product = spoiled(({ catalogue, nth }) => ({
      0: String(rejectedProduct(catalogue, nth)),
      5: 'on request',
    }))
    return [rejected('price', 'default_price', [product], { least: 2 })]
  }
  if (name !== 'styles.csv') return []
  const style = spoiled(({ catalogue, nth }) => ({
    0: String(rejectedStyle(catalogue, nth * 2)),
    4: 'on request',
  }))
  const styleOfRejected = spoiled(({ catalogue, nth }) => ({
    0: String(rejectedStyle(catalogue, nth * 2 + 1)),
    1: String(rejectedProduct(catalogue, nth)),
  }))
  return [
    rejected('price', 'original_price', [style]),
    rejected('orphan', 'productId', [styleOfRejected]),
  ]
}

// `changes` are new cells by their place in the row.
function spoiled(changes: (site: DamageSite) => Record<number, string>): DamageForm {
  return {
    damage: 'rejected, with children',
    write: (cells, site) => {
      const changed = changes(site)
      return [cells.map((cell, index) => changed[index] ?? cell).join(',')]
    },
  }
}

function rejectedProduct(catalogue: Catalogue, nth: number): number {
  return missingProduct(catalogue, 'rejected', nth)
}

function rejectedStyle(catalogue: Catalogue, nth: number): number {
  return missingStyle(catalogue, 'rejected', nth)
}

// An id in one of the gaps: no valid row has it, in any catalogue.
function missingProduct({ productIds, products }: Catalogue, kind: Kind, nth: number): number {
  return productIds.missingId(block(kind, nth, products))
}

function missingStyle({ styleIds, products }: Catalogue, kind: Kind, nth: number): number {
  return styleIds.missingId(block(kind, nth, products * 2))
}

type Kind = 'missing' | 'rejected'

function block(kind: Kind, nth: number, rows: number): number {
  return hashAt(kind === 'missing' ? 1 : 2, nth) % Math.ceil(rows / 100)
}
