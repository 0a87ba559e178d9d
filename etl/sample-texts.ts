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

export interface SampleTexts {
  readonly name: string
  readonly slogan: string
  readonly description: string
}

/** The texts of one product, all about the same thing. */
export function productTexts(draw: Draw, category: SampleCategory): SampleTexts {
  const thing = draw.pick(category.nouns)
  const name = `${draw.pick(collections)} ${thing}`
  return {
    name: draw.oneIn(3) ? `${capitalised(draw.pick(adjectives))} ${name}` : name,
    slogan: slogan(draw, thing.toLowerCase()),
    description: description(draw, thing.toLowerCase()),
  }
}

/** A style name such as `Rust`, `Sand & Ink` or `Teal Gingham`. */
export function styleName(draw: Draw): string {
  const colour = draw.pick(colours)
  const kind = draw.below(8)
  if (kind < 3) return `${colour} & ${draw.pick(colours)}`
  if (kind === 3) return `${colour} ${draw.pick(patterns)}`
  return kind === 4 ? `${capitalised(draw.pick(adjectives))} ${colour}` : colour
}

function slogan(draw: Draw, thing: string): string {
  const text = draw.pick(slogans)(draw, thing)
  return draw.oneIn(4) ? text : `${text}.`
}

// One to four sentences; now and then two blanks part them, as hands that type do.
function description(draw: Draw, thing: string): string {
  let text = draw.pick(openings)(draw, thing)
  for (let more = draw.below(4); more > 0; more--) {
    text += (draw.oneIn(12) ? '  ' : ' ') + draw.pick(sentences)(draw)
  }
  return text
}

// `thing` may be one (a jacket) or two (boots): no sentence shows which.
type Template = (draw: Draw, thing: string) => string

const slogans: readonly Template[] = [
  (d) => `As ${d.pick(adjectives)} as ${d.pick(places)} is not`,
  (d, thing) => `The ${d.pick(adjectives)} ${thing} you wanted at ${d.pick(places)}`,
  (d) => `${capitalised(d.pick(adjectives))} by day, ${d.pick(adjectives)} by night`,
  (d) => `Made for ${d.pick(places)}, kept for years`,
  (d, thing) => `Your next ${thing}, only more ${d.pick(adjectives)}`,
  (d) => `Because ${d.pick(places)} will not dress itself`,
  (d) => `${capitalised(d.pick(materials))}, and nothing to prove`,
  (d) => `Less fuss, more ${d.pick(materials)}`,
  (d, thing) => `${capitalised(thing)} for a hundred ${d.pick(adjectives)} days`,
  (d) => `From ${d.pick(places)} to ${d.pick(places)}`,
  (d) => `Stay ${d.pick(adjectives)}, whatever the forecast`,
  (d) => `A little ${d.pick(adjectives)}; a lot of ${d.pick(materials)}`,
]

const openings: readonly Template[] = [
  (d, thing) => `The ${thing} we kept reaching for on the way to ${d.pick(places)}.`,
  (d, thing) =>
    `${capitalised(d.pick(adjectives))}, ${d.pick(adjectives)} ${thing} in ${d.pick(materials)}, with ${d.pick(details)}.`,
  (d, thing) =>
    `Cut from ${d.pick(adjectives)} ${d.pick(materials)}: ${thing} that could only be ours, ready for ${d.pick(places)}.`,
  (d, thing) => `You know the feeling: ${d.pick(places)}, and your favourite ${thing} still wet.`,
  (d, thing) =>
    `Our ${d.pick(collections)} ${thing} came back more ${d.pick(adjectives)} than before.`,
  (d, thing) => `It all began with a sketch: ${d.pick(places)}, rain, and no ${thing} for miles.`,
  (d, thing) => `Half ${thing}, half good idea, and all ${d.pick(materials)}.`,
  (d, thing) =>
    `Some say ${thing}; we say ${d.pick(adjectives)} company for ${d.pick(places)}, and mean it.`,
]

const sentences: readonly ((draw: Draw) => string)[] = [
  (d) => `Finished with ${d.pick(details)} and ${d.pick(details)}.`,
  (d) =>
    `Expect ${d.pick(details)}, ${d.pick(details)} and room for what ${d.pick(places)} asks of you.`,
  (d) => `The ${d.pick(materials)} feels ${d.pick(adjectives)} at first and only gets better.`,
  (d) => `Good for ${d.pick(places)}, better for ${d.pick(places)}.`,
  (d) => `We added ${d.pick(details)}, because ${d.pick(places)} taught us to.`,
  (d) => `Pair with anything ${d.pick(adjectives)}; there will be no argument.`,
  (d) => `Comes in ${lowerColour(d)}, ${lowerColour(d)} and a few shades we have not named yet.`,
  (d) =>
    `One ${lowerColour(d)} touch of ${d.pick(materials)} where it counts, ${d.pick(details)} where it does not.`,
  (d) => `Tested at ${d.pick(places)}, approved by people who are hard to please.`,
  (d) => `Our tailors call the fit "${d.pick(adjectives)}" and will not be drawn further.`,
  (d) => `Packs flat, travels well, and survives ${d.pick(places)}.`,
  (d) =>
    `Backed by the repair bench in our ${d.pick(collections)} workshop for as long as it takes.`,
  (d) => `Measures up to ${20 + d.below(60)}" when laid flat, give or take a thread.`,
]

function lowerColour(draw: Draw): string {
  return draw.pick(colours).toLowerCase()
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
