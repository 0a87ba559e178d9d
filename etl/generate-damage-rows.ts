import type { Cells } from './generate-cells.ts'
import { accepted, rejected, withCell } from './generate-damage-forms.ts'
import type { DamageCase, DamageForm, Line } from './generate-damage.ts'
import type { ColumnKind, SourceFile } from './source-files.ts'

/** What can go wrong with a row as a whole. */
export function rowCases(file: SourceFile): DamageCase[] {
  return [
    rejected('column count', '', columnCountForms(file), { least: 3 }),
    rejected('duplicate', 'id', duplicateForms(file), { least: 2 }),
    accepted('', [form('CRLF at the end of a line', (cells) => `${cells.join(',')}\r`)], {
      least: 2,
    }),
    blankLines,
  ]
}

const blankLines: DamageCase = {
  column: '',
  outcome: 'skipped',
  reason: '',
  least: 3,
  everyRows: 1_000_000,
  forms: [
    form('an empty line', () => ''),
    form('a line of blanks', () => '  \t '),
    form('an empty line that ends in CRLF', () => '\r'),
  ],
}

function columnCountForms({ columns }: SourceFile): DamageForm[] {
  const price = columns.findIndex(({ kind }) => kind === 'price')
  const forms = [
    form('the last column missing', (cells) => cells.slice(0, -1).join(',')),
    form('a comma at the end', (cells) => `${cells.join(',')},`),
    form('the second column missing', (cells) => cells.toSpliced(1, 1).join(',')),
    form('a column too many', (cells) => cells.toSpliced(1, 0, '7').join(',')),
    form('only the id', (cells) => cells[0] as string),
  ]
  if (price < 0) return forms
  return [...forms, form('thousands outside quotes', (cells) => withCell(cells, price, '1,299'))]
}

function duplicateForms({ columns }: SourceFile): DamageForm[] {
  const last = columns.length - 1
  const kind = columns[last]?.kind ?? 'text'
  return [
    form('the same row again', (cells) => cells.join(',')),
    form('the same id with another value', (cells) =>
      withCell(cells, last, anotherValue(kind, cells)),
    ),
  ]
}

// Valid in itself, so that nothing but the id can be the reason.
function anotherValue(kind: ColumnKind, cells: Cells): string {
  if (kind === 'flag') return cells.at(-1) === '1' ? '0' : '1'
  if (kind === 'url') return cells.at(-2) as string
  return kind === 'text' || kind === 'nullableText' ? '"The second of its id"' : '1'
}

function form(damage: string, write: (cells: Cells) => Line): DamageForm {
  return { damage, write: (cells) => [write(cells)] }
}
