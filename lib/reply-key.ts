import type { ListParameters } from './parameters.ts'

/** The routes below a product, as they stand in a URL. */
export type ProductSuffix = '' | '/styles' | '/related'

/** The canonical URL of an answer about one product. */
export const productKey = (id: number, suffix: ProductSuffix): string => `/products/${id}${suffix}`

/** The canonical URL of a page of the list. */
export const pageKey = ({ page, count }: ListParameters): string =>
  `/products?page=${page}&count=${count}`

export const isPageKey = (key: string): boolean => key.startsWith('/products?')
