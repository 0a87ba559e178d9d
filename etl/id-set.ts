const PAGE_BITS = 16
const PAGE_IDS = 1 << PAGE_BITS
const PAGES = 2 ** 31 / PAGE_IDS
const BITMAP_WORDS = PAGE_IDS / 32
/** A list of more ids than this takes more room than the page's bitmap of 8 KiB. */
const LIST_IDS_MAX = PAGE_IDS / 16
const LIST_IDS_MIN = 8

/** The low halves of a page's ids in ascending order, `length` of them in use. */
interface IdList {
  ids: Uint16Array
  length: number
}

/**
 * A set of ids from 0 to 2147483647, by pages of 65,536: a bitmap where ids are dense, a sorted list
 * where they are sparse. Eleven million ids take 1.5 MB side by side and some 50 MB spread over all
 * of int4, where a `Set` takes 500 MB.
 */
export class IdSet {
  // Of full length from the start: an array that grows by far jumps becomes a slow hash table.
  readonly #bitmaps = Array<Uint32Array | undefined>(PAGES).fill(undefined)
  readonly #lists = Array<IdList | undefined>(PAGES).fill(undefined)
  #size = 0

  get size(): number {
    return this.#size
  }

  has(id: number): boolean {
    const page = id >>> PAGE_BITS
    const low = id & (PAGE_IDS - 1)
    const bitmap = this.#bitmaps[page]
    if (bitmap !== undefined) return (bitmap[low >>> 5]! & (1 << (low & 31))) !== 0
    const list = this.#lists[page]
    if (list === undefined) return false
    const at = lowerBound(list, low)
    return at < list.length && list.ids[at] === low
  }

  /** Adds an id; false when it was there before. */
  add(id: number): boolean {
    const page = id >>> PAGE_BITS
    const low = id & (PAGE_IDS - 1)
    const bitmap = this.#bitmaps[page]
    const added = bitmap === undefined ? this.#addToList(page, low) : setBit(bitmap, low)
    if (added) this.#size++
    return added
  }

  #addToList(page: number, low: number): boolean {
    const list = (this.#lists[page] ??= { ids: new Uint16Array(LIST_IDS_MIN), length: 0 })
    const at = lowerBound(list, low)
    if (at < list.length && list.ids[at] === low) return false
    if (list.length === LIST_IDS_MAX) {
      this.#lists[page] = undefined
      this.#bitmaps[page] = toBitmap(list)
      return setBit(this.#bitmaps[page], low)
    }
    insert(list, at, low)
    return true
  }
}

function setBit(bitmap: Uint32Array, low: number): boolean {
  const word = bitmap[low >>> 5]!
  const bit = 1 << (low & 31)
  if ((word & bit) !== 0) return false
  bitmap[low >>> 5] = word | bit
  return true
}

/** The place of the first id that is not below `low`. */
function lowerBound({ ids, length }: IdList, low: number): number {
  if (length === 0 || ids[length - 1]! < low) return length
  let from = 0
  let to = length - 1
  while (from < to) {
    const middle = (from + to) >>> 1
    if (ids[middle]! < low) from = middle + 1
    else to = middle
  }
  return from
}

function insert(list: IdList, at: number, low: number): void {
  if (list.length === list.ids.length) {
    const ids = new Uint16Array(list.length * 2)
    ids.set(list.ids)
    list.ids = ids
  }
  list.ids.copyWithin(at + 1, at, list.length)
  list.ids[at] = low
  list.length++
}

function toBitmap({ ids, length }: IdList): Uint32Array {
  const bitmap = new Uint32Array(BITMAP_WORDS)
  for (let at = 0; at < length; at++) setBit(bitmap, ids[at]!)
  return bitmap
}
