import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { importCatalogue } from '../../etl/import.ts'
import { copyDatabase, createTemplate, type TestDatabase } from '../database.ts'

/** The six files of a catalogue: lines without their header. */
export interface CatalogueLines {
  readonly product: readonly string[]
  readonly features?: readonly string[]
  readonly styles?: readonly string[]
  readonly photos?: readonly string[]
  readonly skus?: readonly string[]
  readonly related?: readonly string[]
}

const headers = {
  product: 'id,name,slogan,description,category,default_price',
  features: 'id,product_id,feature,value',
  styles: 'id,productId,name,sale_price,original_price,default_style',
  photos: 'id,styleId,url,thumbnail_url',
  skus: 'id,styleId,size,quantity',
  related: 'id,current_product_id,related_product_id',
}

/** Product 1 has everything, 2 lacks values, 11 has nothing at all, 12 a style without photos and SKUs. */
export const smallCatalogue: CatalogueLines = {
  product: [
    '1,"Camo Onesie","Blend in","The So Fatigues will wake you up","Jackets","140"',
    '2,"Bright Future Sunglasses","You\'ve got to wear shades","Where you\'re going","Accessories",69',
    '3,"Größe ☂ 雨","A \\ b","Tab\tand more","Schirme",1299.5',
    '11,"Air Minis 250","Full court support","No styles at all","Basketball Shoes",0',
    '12,"Bare Hanger","Nothing on it","A style, no photos","Tops",500000000',
    '2147483647,"The Last","int4 ends here","Largest id","Tops",1',
  ],
  features: [
    '2,1,"Buttons","Brass"',
    '1,1,"Fabric","Canvas"',
    '4,2,"Lenses","Ultrasheen"',
    '5,2,"UV Protection",null',
  ],
  styles: [
    '1,1,"Forest Green & Black",null,140,1',
    '2,1,"Desert Brown & Tan","100","140",0',
    '3,2,"White",0,69,1',
    '4,12,"Empty",null,500000000,0',
  ],
  photos: [
    '2,1,"https://images.example.com/2.jpg","https://images.example.com/2-thumb.jpg"',
    '1,1,"https://images.example.com/1.jpg","https://images.example.com/1-thumb.jpg"',
    '3,2,"https://images.example.com/3.jpg","https://images.example.com/3-thumb.jpg"',
  ],
  skus: ['10,1,"S",16', '9,1,"XS",8', '11,1,"S",0', '12,2,"XL",3'],
  related: ['1,1,2', '2,1,3', '3,1,1', '4,1,2', '5,1,0', '6,1,999'],
}

/** Imports a catalogue as production does, and publishes it. Returns the release. */
export const importLines = async (url: string, lines: CatalogueLines): Promise<number> => {
  const dir = await mkdtemp(join(tmpdir(), 'product-overview-catalogue-'))
  try {
    for (const [name, header] of Object.entries(headers)) {
      const rows = lines[name as keyof CatalogueLines] ?? []
      await writeFile(join(dir, `${name}.csv`), [header, ...rows, ''].join('\n'))
    }
    await mkdir(join(dir, 'rejects'))
    const summary = await importCatalogue({
      databaseUrl: url,
      dir,
      rejectsDir: join(dir, 'rejects'),
      jobsMax: 1,
    })
    return summary.release
  } finally {
    await rm(dir, { recursive: true })
  }
}

/** A database of its own with a published catalogue: a copy of one that is imported once for a run. */
export const createCatalogueDatabase = async (
  lines: CatalogueLines = smallCatalogue,
): Promise<TestDatabase> => {
  const key = createHash('sha256').update(JSON.stringify(lines)).digest('hex').slice(0, 16)
  return copyDatabase(await createTemplate(key, (url) => importLines(url, lines)))
}

/** Products whose ids have gaps: every tenth is missing. */
export const manyProducts = (count: number, before = 0): CatalogueLines => ({
  product: Array.from({ length: count }, (_, index) => {
    const id = idAt(before + index)
    return `${id},"Product ${id}","Slogan ${id}","About ${id} in some words, so that it has a size","Shoes",${id}`
  }),
})

/** The id of the n-th of `manyProducts`, from 0. */
export const idAt = (index: number): number => index + 1 + Math.floor(index / 9)
