import type { Cells } from './generate-cells.ts'
import { brokenForm, cellForm, recast, rejected } from './generate-damage-forms.ts'
import { bareNull } from './generate-damage-numbers.ts'
import { byteCases } from './generate-damage-texts.ts'
import type { DamageCase, DamageForm } from './generate-damage.ts'

// Together the repaired and rejected quotes come to about 200 of 5.6 million rows, as in the real file.
const quoteEveryRows = 100_000
const uhttpsEveryRows = 60_000

/** The url and thumbnail_url of a photo, which are mended where their columns are unambiguous. */
export function urlCases(column: string, index: number): DamageCase[] {
  return [
    bareNull(column, index),
    repaired('', mendableQuotes(index, column), quoteEveryRows),
    repaired(column, [uhttps(index)], uhttpsEveryRows),
    ...byteCases(column, index),
    ...(column === 'url' ? [...pairCases(index), ...hopelessCases(index)] : []),
  ]
}

function repaired(column: string, forms: readonly DamageForm[], everyRows: number): DamageCase {
  return { column, outcome: 'repaired', reason: '', least: forms.length, everyRows, forms }
}

function mendableQuotes(index: number, column: string): DamageForm[] {
  return [
    recast(`opening quote of ${column} missing`, index, (cell) => cell.slice(1)),
    recast(`closing quote of ${column} missing`, index, openEnded),
    recast(`both quotes of ${column} missing`, index, bare),
  ]
}

function uhttps(index: number): DamageForm {
  return recast('uhttps', index, (cell) => `"u${cell.slice(1)}`)
}

// Both urls at once; a row is repaired once however much of it is mended.
function pairCases(index: number): DamageCase[] {
  const pair = (damage: string, change: (url: string, thumbnail: string) => [string, string]) =>
    cellForm(damage, index, (cells) => {
      const urls = change(cells[index] as string, cells[index + 1] as string)
      return [[...cells.slice(0, index), ...urls].join(',')]
    })
  const forms = [
    pair('opening quotes of both urls missing', (a, b) => [a.slice(1), b.slice(1)]),
    pair('closing quotes of both urls missing', (a, b) => [openEnded(a), openEnded(b)]),
    pair('first and last quote of the urls missing', (a, b) => [a.slice(1), openEnded(b)]),
    pair('all quotes of both urls missing', (a, b) => [bare(a), bare(b)]),
  ]
  const both = pair('uhttps in both urls', (a, b) => [`"u${a.slice(1)}`, `"u${b.slice(1)}`])
  return [repaired('', forms, quoteEveryRows), repaired('', [both], Infinity)]
}

// Broken quotes in a row that does not split into id, id, http…, http…: nobody can say what was meant.
function hopelessCases(index: number): DamageCase[] {
  const withUrl = (damage: string, url: (cell: string) => string) => recast(damage, index, url)
  const onlyUrl = (cells: Cells) => [
    [...cells.slice(0, index), openEnded(cells[index] as string)].join(','),
  ]
  const forms = [
    withUrl('a quote missing and a comma in the url', (cell) => `${cell.slice(1, -1)},face"`),
    withUrl('a quote missing and no http', (cell) => cell.replace('"https:', '')),
    cellForm('a quote and a column missing', index, onlyUrl),
  ]
  return [
    rejected('quote', '', forms, { least: forms.length, everyRows: 300_000 }),
    rejected('quote', '', [brokenForm(index, atQuery)], { least: 2 }),
  ]
}

function atQuery(cell: string): [string, string] {
  const query = cell.indexOf('?')
  return [cell.slice(0, query), cell.slice(query)]
}

function openEnded(cell: string): string {
  return cell.slice(0, -1)
}

function bare(cell: string): string {
  return cell.slice(1, -1)
}
