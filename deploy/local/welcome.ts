import type { PublishedRelease } from './published-release.ts'

export interface WelcomeFacts {
  readonly url: string
  readonly release: PublishedRelease
  readonly databaseDescription: string
  readonly seconds: number
}

const counts = new Intl.NumberFormat('en')

/** What is printed once the service answers: what to try, and where things are. */
export const welcome = ({ url, release, databaseDescription, seconds }: WelcomeFacts) => {
  const product = `${url}/products/${release.firstProductId ?? 1}`
  return `
${counts.format(release.products)} products are served at ${url} (release ${release.release}, after ${seconds.toFixed(1)} s)

  ${url}/products?page=1&count=5
  ${product}
  ${product}/styles
  ${product}/related

  curl -i ${product}/styles

rejected rows  ${release.rejectsDir ?? 'unknown'}
database       ${databaseDescription}

Ctrl-C stops everything; npm start comes back with the same data.`
}
