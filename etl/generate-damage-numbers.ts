import { isNull } from './generate-cells.ts'
import { accepted, rare, recast, rejected } from './generate-damage-forms.ts'
import type { DamageCase, DamageForm } from './generate-damage.ts'

/** Ids, parent ids and quantities: whole numbers from `min` to the largest int4. */
export function integerCases(column: string, index: number, min: 0 | 1): DamageCase[] {
  const instead = (damage: string, cell: string) => recast(damage, index, () => cell)
  return [
    bareNull(column, index),
    rejected('number', column, [
      instead('text for a number', 'abc'),
      instead('an empty number', ''),
      instead('text after a number', '12a'),
      instead('a fraction for a whole number', '1.5'),
      instead('a blank in a number', '1 2'),
      instead('an exponent in a number', '1e3'),
      instead('a plus before a number', '+5'),
      instead('a hexadecimal number', '0x1F'),
      instead('an underscore in a number', '1_000'),
      instead('a carriage return in a number', '1\r2'),
      instead('full-width digits', '１２'),
    ]),
    rejected('out of range', column, [
      instead('a number past int4', '2147483648'),
      instead('a number below the least', String(min - 1)),
      instead('a number of twenty digits', '99999999999999999999'),
      instead('a negative number', '-7'),
    ]),
    accepted(column, paddedForms(index)),
    accepted(column, [recast('leading zeros', index, (cell) => `00${cell}`, isPlain)]),
  ]
}

/** default_style: 1 or 0. */
export function flagCases(column: string, index: number): DamageCase[] {
  const instead = (damage: string, cell: string) => recast(damage, index, () => cell)
  return [
    bareNull(column, index),
    rejected(
      'flag',
      column,
      [
        instead('another number for a flag', '2'),
        instead('a word for a flag', 'true'),
        instead('a negative flag', '-1'),
        instead('a letter for a flag', 'Y'),
        instead('a fraction for a flag', '1.0'),
      ],
      { least: 5 },
    ),
    accepted(column, paddedForms(index)),
  ]
}

/** default_price and original_price. */
export function priceCases(column: string, index: number): DamageCase[] {
  const empty = recast('an empty price', index, () => '')
  return [
    bareNull(column, index),
    rejected('price', column, [...misshapenPrices(index), empty], { least: 4 }),
    overlargePrice(column, index),
    accepted(column, priceForms(index), { least: 5 }),
    accepted(column, paddedForms(index)),
  ]
}

/** sale_price: `null`, nothing and 0 mean no sale. */
export function salePriceCases(column: string, index: number): DamageCase[] {
  return [
    rejected('price', column, misshapenPrices(index), { least: 4 }),
    overlargePrice(column, index),
    accepted(column, priceForms(index), { least: 3 }),
    accepted(
      column,
      [
        recast('an empty field for no sale', index, () => '', isNull),
        recast('0.00 for no sale', index, () => '0.00', isNull),
        recast('$0 for no sale', index, () => '$0', isNull),
      ],
      { least: 3 },
    ),
  ]
}

/** `null` where a value must be. */
export function bareNull(column: string, index: number): DamageCase {
  return rejected('null', column, [recast('null for a value', index, () => 'null')])
}

function overlargePrice(column: string, index: number): DamageCase {
  return rejected('out of range', column, [
    recast('a price past int4', index, () => '2147483648'),
    recast('a price past int4', index, () => '"$2,147,483,648.00"'),
  ])
}

function misshapenPrices(index: number): DamageForm[] {
  const instead = (damage: string, cell: string) => recast(damage, index, () => cell)
  return [
    instead('a comma for a decimal point', '"12,99"'),
    instead('words for a price', 'on request'),
    instead('a currency after a price', '140 USD'),
    instead('another currency', '€140'),
    instead('three decimals', '140.005'),
    instead('a negative price', '-5'),
    instead('points for thousands', '"1.299,00"'),
    instead('thousands of two digits', '"12,34,567"'),
    instead('a price that is not a number', 'NaN'),
    instead('a dollar sign alone', '$'),
  ]
}

function priceForms(index: number): DamageForm[] {
  return [
    recast('a dollar sign before a price', index, (cell) => `$${cell}`, isPlain),
    recast('a price with decimals', index, (cell) => `${cell}.00`, isPlain),
    recast('a price with one decimal', index, (cell) => `${cell}.0`, isPlain),
    rare(recast('thousands with commas', index, withCommas, isThousands)),
    rare(recast('thousands with all there is', index, withEverything, isThousands)),
  ]
}

function paddedForms(index: number): DamageForm[] {
  return [
    recast('a blank before a number', index, (cell) => ` ${cell}`, isPlain),
    recast('a blank after a number', index, (cell) => `${cell} `, isPlain),
    recast('tabs around a number', index, (cell) => `\t${cell}\t`, isPlain),
    recast('blanks around a number', index, (cell) => `  ${cell}  `, isPlain),
  ]
}

function isPlain(cell: string): boolean {
  return /^[1-9]\d*$/.test(cell)
}

function isThousands(cell: string): boolean {
  return isPlain(cell) && cell.length > 3
}

function withCommas(cell: string): string {
  return `"${grouped(cell)}"`
}

function withEverything(cell: string): string {
  return `"$${grouped(cell)}.00"`
}

function grouped(digits: string): string {
  return digits.replaceAll(/\B(?=(\d{3})+$)/g, ',')
}
