import type { CatalogueLines } from './catalogue.ts'

/** Products without gaps, each with one row of each kind that has its number; each is related to the next one. */
export const wholeProducts = (count: number): CatalogueLines => {
  const lines = (line: (id: number) => string) =>
    Array.from({ length: count }, (_, index) => line(index + 1))
  return {
    product: lines((id) => `${id},"Product ${id}","Slogan ${id}","About ${id}","Shoes",${id}`),
    features: lines((id) => `${id},${id},"Sole","Rubber ${id}"`),
    styles: lines((id) => `${id},${id},"Style ${id}",null,${id},1`),
    photos: lines((id) => `${id},${id},"https://x.example/${id}","https://x.example/${id}t"`),
    skus: lines((id) => `${id},${id},"M",${1000 + id}`),
    related: lines((id) => `${id},${id},${(id % count) + 1}`),
  }
}
