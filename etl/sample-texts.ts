import type { Draw } from './generate-draw.ts'
import {
  adjectives,
  collections,
  colours,
  details,
  materials,
  patterns,
  places,
  type SampleCategory,
} from './sample-words.ts'

/** A product name such as `Kestrel Quilted Anorak`. */
export function productName(draw: Draw, category: SampleCategory): string {
  const name = `${draw.pick(collections)} ${draw.pick(category.nouns)}`
  return draw.oneIn(3) ? `${capitalised(draw.pick(adjectives))} ${name}` : name
}

/** A slogan: one sentence, the full stop left to chance. */
export function slogan(draw: Draw, category: SampleCategory): string {
  const text = sloganTemplates[draw.below(sloganTemplates.length)]?.(draw, category) ?? ''
  return draw.oneIn(4) ? text : `${text}.`
}

/** One to four sentences; now and then two blanks part them, as hands that type do. */
export function description(draw: Draw, category: SampleCategory): string {
  let text = (openings[draw.below(openings.length)] as Template)(draw, category)
  for (let more = draw.below(4); more > 0; more--) {
    const sentence = (sentences[draw.below(sentences.length)] as Template)(draw, category)
    text += (draw.oneIn(12) ? '  ' : ' ') + sentence
  }
  return text
}

/** A style name such as `Rust`, `Sand & Ink` or `Teal Gingham`. */
export function styleName(draw: Draw): string {
  const colour = draw.pick(colours)
  const kind = draw.below(8)
  if (kind < 3) return `${colour} & ${draw.pick(colours)}`
  if (kind === 3) return `${colour} ${draw.pick(patterns)}`
  return kind === 4 ? `${capitalised(draw.pick(adjectives))} ${colour}` : colour
}

type Template = (draw: Draw, category: SampleCategory) => string

const sloganTemplates: readonly Template[] = [
  (d) => `As ${d.pick(adjectives)} as ${d.pick(places)} is not`,
  (d, c) => `The ${d.pick(adjectives)} ${noun(d, c)} that knows ${d.pick(places)}`,
  (d) => `${capitalised(d.pick(adjectives))} by day, ${d.pick(adjectives)} by night`,
  (d) => `Made for ${d.pick(places)}, kept for years`,
  (d, c) => `Your next ${noun(d, c)}, only more ${d.pick(adjectives)}`,
  (d) => `Because ${d.pick(places)} will not dress itself`,
  (d) => `${capitalised(d.pick(materials))}, and nothing to prove`,
  (d) => `Less fuss, more ${d.pick(materials)}`,
  (d, c) => `One ${noun(d, c)}, a hundred ${d.pick(adjectives)} days`,
  (d) => `From ${d.pick(places)} to ${d.pick(places)}`,
  (d) => `Stay ${d.pick(adjectives)}, whatever the forecast`,
  (d) => `A little ${d.pick(adjectives)}; a lot of ${d.pick(materials)}`,
]

const openings: readonly Template[] = [
  (d, c) => `The ${noun(d, c)} we kept reaching for on the way to ${d.pick(places)}.`,
  (d, c) => `A ${d.pick(adjectives)}, ${d.pick(adjectives)} ${noun(d, c)} in ${d.pick(materials)}.`,
  (d, c) =>
    `Cut from ${d.pick(adjectives)} ${d.pick(materials)}, this ${noun(d, c)} is at home in ${d.pick(places)}.`,
  (d, c) => `You know the feeling: ${d.pick(places)}, and your ${noun(d, c)} is still drying.`,
  (d, c) =>
    `Our ${d.pick(collections)} ${noun(d, c)} returns, more ${d.pick(adjectives)} than before.`,
  (d, c) => `This ${noun(d, c)} started as a sketch from ${d.pick(places)}.`,
  (d, c) => `Half ${noun(d, c)}, half good idea, and all ${d.pick(materials)}.`,
  (d, c) =>
    `Some call it a ${noun(d, c)}; we call it ${d.pick(adjectives)} company for ${d.pick(places)}.`,
]

const sentences: readonly Template[] = [
  (d) => `Finished with ${d.pick(details)} and ${d.pick(details)}.`,
  (d) =>
    `It has ${d.pick(details)}, ${d.pick(details)} and room for what ${d.pick(places)} asks of you.`,
  (d) => `The ${d.pick(materials)} is ${d.pick(adjectives)} at first and only gets better.`,
  (d) => `Wear it to ${d.pick(places)}, then forget to take it off.`,
  (d) => `We added ${d.pick(details)}, because ${d.pick(places)} taught us to.`,
  (d) => `Pair it with anything ${d.pick(adjectives)}; it does not argue.`,
  (d) =>
    `Comes in ${d.pick(colours).toLowerCase()}, ${d.pick(colours).toLowerCase()} and a few we have not named yet.`,
  (d) =>
    `A ${d.pick(adjectives)} touch of ${d.pick(materials)} where it counts, ${d.pick(details)} where it does not.`,
  (d) => `Tested on ${d.pick(places)}, approved by people who are hard to please.`,
  (d) => `Our tailors call the fit "${d.pick(adjectives)}" and will not be drawn further.`,
  (d) => `Fits in a bag, folds flat, and survives ${d.pick(places)}.`,
  (d) => `Backed by the repair bench in our ${d.pick(collections)} workshop.`,
  (d) => `Measures up to ${20 + d.below(60)}" when laid flat.`,
]

function noun(draw: Draw, category: SampleCategory): string {
  return draw.pick(category.nouns).toLowerCase()
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
