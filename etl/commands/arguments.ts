import { InvalidArgumentError } from 'commander'

const releaseMax = 2 ** 31 - 1
/** More releases than this are an archive, which is what dumps are for. */
export const keptMax = 1000

/** A parser for whole numbers within bounds. */
export function wholeNumber(min: number, max: number) {
  return (text: string): number => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= min && value <= max) return value
    throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`)
  }
}

/** The number of a release. */
export const releaseNumber = wholeNumber(1, releaseMax)

/** A parser for numbers from 0 to `max`, with or without decimals. */
export function decimal(max: number) {
  return (text: string): number => {
    const value = Number(text)
    if (/^\d+(\.\d+)?$/.test(text) && value <= max) return value
    throw new InvalidArgumentError(`Expected a number from 0 to ${max}.`)
  }
}

/** A share from 0 to 1, written as a percentage. */
export const percent = (text: string): number => decimal(100)(text) / 100
