import type { Catalogue } from './generate-catalogue.ts'
import type { Cells } from './generate-cells.ts'
import { Draw } from './generate-draw.ts'

// The same pictures come again and again, as in a shop that shoots a few thousand: photos.csv compresses to a ninth.
const pictures = 8_192

/** The rows of photos.csv. */
export function* photoRows(catalogue: Catalogue): Generator<Cells, void> {
  const draw = new Draw(catalogue.seed, 'photos')
  const { urls, thumbnails } = pictureUrls(catalogue.seed)
  const ids = catalogue.idsOf('photos.csv')
  let row = 0
  let style = 0
  for (let index = 0; index < catalogue.products; index++) {
    draw.at(index)
    for (const { photos } of catalogue.shapeOf(index).styles) {
      const styleId = String(catalogue.styleIds.idOf(style++))
      for (let nth = 0; nth < photos; nth++) {
        const picture = draw.below(pictures)
        yield [
          String(ids.idOf(row++)),
          styleId,
          urls[picture] as string,
          thumbnails[picture] as string,
        ]
      }
    }
  }
}

function pictureUrls(seed: number): { urls: string[]; thumbnails: string[] } {
  const draw = new Draw(seed, 'pictures')
  const urls: string[] = []
  const thumbnails: string[] = []
  for (let picture = 0; picture < pictures; picture++) {
    const stem = `"https://images.example.com/photo-${pictureName(draw)}?ref=larkspur&auto=format&fit=crop`
    urls.push(`${stem}&w=${draw.pick(widths)}&q=80"`)
    thumbnails.push(`${stem}&crop=faces&w=300&h=300&q=80"`)
  }
  return { urls, thumbnails }
}

const widths = [668, 900, 1050, 1534] as const

// Thirteen digits, a dash, twelve hexadecimal digits, as a camera roll names its pictures.
function pictureName(draw: Draw): string {
  const time = String(1_300_000_000 + draw.below(2_000_000) * 190 + draw.below(190))
  const millis = String(draw.below(1000)).padStart(3, '0')
  const high = draw.bits().toString(16).padStart(8, '0')
  const low = draw.below(65_536).toString(16).padStart(4, '0')
  return `${time}${millis}-${high}${low}`
}
