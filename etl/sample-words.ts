// The vocabulary of Larkspur & Vane, a brand that does not exist. Any likeness to a real one is chance.

/** Which sizes the skus of a category come in. */
export type Sizing = 'letters' | 'shoes' | 'waist' | 'rings' | 'volumes'

export interface SampleCategory {
  readonly name: string
  readonly sizing: Sizing
  /** Usual prices, in whole units of the currency. */
  readonly priceMin: number
  readonly priceMax: number
  readonly nouns: readonly string[]
}

export const categories: readonly SampleCategory[] = [
  category(
    'Jackets',
    'letters',
    90,
    340,
    'Jacket|Field Jacket|Anorak|Windbreaker|Shell|Bomber|Blouson',
  ),
  category('Coats', 'letters', 140, 520, 'Coat|Overcoat|Trench|Parka|Duffle|Cape|Raincoat'),
  category('Pants', 'waist', 45, 180, 'Trousers|Chinos|Joggers|Cargo Pants|Cords|Slacks|Culottes'),
  category('Jeans', 'waist', 60, 190, 'Jeans|Straight Jeans|Tapered Jeans|Wide Jeans|Dungarees'),
  category('Shirts', 'letters', 35, 140, 'Shirt|Overshirt|Work Shirt|Oxford|Flannel|Camp Shirt'),
  category('Tees', 'letters', 18, 60, 'Tee|Pocket Tee|Longsleeve|Henley|Raglan|Tank'),
  category(
    'Knitwear',
    'letters',
    55,
    260,
    'Sweater|Cardigan|Turtleneck|Crewneck|Vest|Pullover|Rollneck',
  ),
  category('Hoodies', 'letters', 45, 130, 'Hoodie|Zip Hoodie|Sweatshirt|Half-Zip|Fleece'),
  category('Dresses', 'letters', 60, 320, 'Dress|Shirt Dress|Wrap Dress|Slip Dress|Pinafore|Tunic'),
  category('Skirts', 'letters', 40, 160, 'Skirt|Pleated Skirt|Wrap Skirt|Kilt|Midi Skirt'),
  category('Shorts', 'waist', 30, 95, 'Shorts|Trail Shorts|Board Shorts|Bermudas|Running Shorts'),
  category('Swimwear', 'letters', 25, 110, 'Swimsuit|Trunks|Bikini|Rash Guard|Swim Shorts'),
  category('Activewear', 'letters', 30, 140, 'Leggings|Track Top|Training Tee|Base Layer|Gilet'),
  category('Kicks', 'shoes', 60, 240, 'Sneakers|Runners|High-Tops|Court Shoes|Slip-Ons|Trainers'),
  category(
    'Boots',
    'shoes',
    95,
    380,
    'Boots|Chelsea Boots|Hiking Boots|Chukkas|Desert Boots|Rain Boots',
  ),
  category('Sandals', 'shoes', 25, 120, 'Sandals|Slides|Clogs|Espadrilles|Huaraches'),
  category('Hats', 'letters', 18, 90, 'Beanie|Cap|Bucket Hat|Fedora|Watch Cap|Beret|Sun Hat'),
  category('Scarves & Gloves', 'letters', 20, 120, 'Scarf|Gloves|Mittens|Snood|Bandana|Stole'),
  category(
    'Accessories',
    'rings',
    15,
    160,
    'Belt|Sunglasses|Watch|Wallet|Keyring|Umbrella|Tie|Cufflinks',
  ),
  category(
    'Bags',
    'volumes',
    40,
    290,
    'Backpack|Tote|Duffel|Satchel|Messenger Bag|Weekender|Sling',
  ),
  category('Jewellery', 'rings', 30, 420, 'Ring|Bracelet|Necklace|Earrings|Pendant|Brooch|Bangle'),
  category('Socks', 'shoes', 8, 34, 'Socks|Crew Socks|Ankle Socks|Hiking Socks|Knee Socks'),
  category('Sleepwear', 'letters', 30, 140, 'Pyjamas|Robe|Nightshirt|Onesie|Lounge Set'),
  category(
    'Outdoor Gear',
    'volumes',
    20,
    480,
    'Bottle|Dry Bag|Bivouac|Hammock|Tent|Sleeping Bag|Flask',
  ),
]

/** Sizes from the smallest; a style with n skus takes n neighbours, one with a single sku 'One Size'. */
export const sizes: Readonly<Record<Sizing, readonly string[]>> = {
  letters: words('XXS|XS|S|M|L|XL|XXL|3XL|4XL|5XL|S Tall|M Tall|L Tall|XL Tall'),
  shoes: words('6|6.5|7|7.5|8|8.5|9|9.5|10|10.5|11|11.5|12|12.5|13|13.5'),
  waist: words('26|27|28|29|30|31|32|33|34|36|38|40|42|44'),
  rings: words('4|5|6|7|8|9|10|11|12|13|14|15|16|17'),
  volumes: words('0.5 L|1 L|2 L|5 L|8 L|12 L|16 L|20 L|24 L|30 L|40 L|55 L|70 L|90 L'),
}

export const collections = words(
  'Marlow|Harbour|Tindra|Osprey|Calder|Juniper|Sable Point|Northing|Wren|Alder|Quarry|Lantern|Fenwick|' +
    'Solstice|Bramble|Kestrel|Pilgrim|Mistral|Cobble|Thistle|Rowan|Saltmarsh|Ember|Foxglove|Halyard|' +
    'Isla|Larkspur|Meridian|Nimbus|Orchard|Pinecrest|Rookery|Sundial|Tamarack|Umber|Verdant|Windrow|' +
    'Yarrow|Zephyr|Brackwater|Caraway|Driftwood|Elmstead|Firth|Gable|Heron|Ironbridge|Jetty|Kiln|' +
    'Ledger|Moorland|Nocturne|Ostara|Paddock|Quill|Ravel|Spindle|Tollgate|Upland|Vesper|Wayfarer|' +
    'Aubade|Belfry|Copperline',
)

export const adjectives = words(
  'quiet|bold|easy|sturdy|feather-light|weatherproof|slouchy|tailored|reversible|packable|brushed|washed|' +
    'crisp|soft|rugged|airy|boxy|slim|cropped|oversized|quilted|ribbed|striped|pleated|relaxed|fitted|' +
    'classic|modern|playful|serious|nimble|patient|honest|unlined|waxed|garment-dyed|hand-finished|' +
    'double-faced|breathable|insulated|seamless|textured|matte|glossy|featherweight|hard-wearing|' +
    'everyday|rain-ready|two-tone|heathered|marled|stonewashed|deep-pocketed|high-waisted|low-slung|' +
    'dapper|carefree|sunny|wintry|coastal|alpine|urban|rustic|timeless',
)

export const colours = words(
  'Forest Green|Black|Ocean Blue|Ash|Ivory|Rust|Charcoal|Sand|Burgundy|Mustard|Slate|Olive|Teal|Navy|' +
    'Chalk|Clay|Plum|Copper|Sage|Moss|Indigo|Cobalt|Coral|Blush|Peach|Lilac|Lavender|Mint|Jade|Pine|' +
    'Walnut|Chestnut|Espresso|Oatmeal|Bone|Pearl|Silver|Graphite|Storm|Midnight|Denim|Sky|Glacier|' +
    'Lemon|Saffron|Amber|Tangerine|Brick|Crimson|Cherry|Raspberry|Rose|Mauve|Aubergine|Ink|Smoke|' +
    'Pebble|Stone|Wheat|Honey|Toffee|Cocoa|Fern|Pistachio',
)

export const patterns = words(
  'Stripe|Check|Houndstooth|Dots|Camo|Herringbone|Paisley|Fair Isle|Colourblock|Tie-Dye|Gingham|Floral',
)

export const materials = words(
  'merino wool|organic cotton|linen|ripstop nylon|waxed canvas|corduroy|cashmere|alpaca|suede|full-grain leather|' +
    'recycled polyester|bamboo viscose|selvedge denim|boiled wool|brushed flannel|Tencel twill|mohair|' +
    'silk noil|hemp|seersucker|poplin|chambray|velour|fleece|neoprene|gabardine|moleskin|jersey|' +
    'pebbled leather|cork|sterling silver|stainless steel|vegetable-tanned hide|lambswool|oxford cloth|' +
    'piqué|crêpe|terry|sailcloth|loden',
)

export const places = words(
  'the morning ferry|the last tram home|a windy pier|the back row|a long layover|the allotment|' +
    'the night market|a campsite in April|the office stairs|a rooftop in June|the corner café|the ridge path|' +
    'a borrowed boat|the early train|a rained-out picnic|the reading room|the skate park|a slow Sunday|' +
    'the frozen lake|the company dinner|a cousin’s wedding|the climbing hall|the flea market|a dusty road',
)

export const details = words(
  'two hidden pockets|a storm flap|brass rivets|taped seams|a two-way zip|horn buttons|a drawcord hem|' +
    'reinforced elbows|a contrast lining|flat-felled seams|a loop for your keys|ribbed cuffs|' +
    'a gusseted back|reflective piping|a removable hood|snap closures|a hidden waistband|bar-tacked corners|' +
    'a cushioned footbed|a moulded heel|a padded strap|mother-of-pearl studs|a fold-away pouch|raw edges',
)

/** What a feature is about, and the values it takes; a feature without a value is one that is simply there. */
export const features: readonly { readonly name: string; readonly values: readonly string[] }[] = [
  feature(
    'Fabric',
    '100% Cotton|Canvas|Merino Blend|Linen|Ripstop|Denim|Wool|Corduroy|Fleece|Silk Noil',
  ),
  feature('Buttons', 'Brass|Horn|Corozo|Snaps|Mother of Pearl|Recycled Resin|Covered'),
  feature('Lining', 'Quilted|Mesh|Flannel|Unlined|Half-lined|Satin|Sherpa'),
  feature('Fit', 'Relaxed|Regular|Slim|Oversized|Boxy|True to size, roomy in the sleeve'),
  feature('Closure', 'Two-Way Zip|Buttons|Toggles|Hook & Loop|Laces|Magnetic Clasp'),
  feature('Sole', 'Rubber|Crêpe|Vibrant Grip|Cork|Recycled Foam|Stacked Leather'),
  feature('Cut', 'Straight|Tapered|Skinny|Wide Leg|Loose|Cropped at 28"'),
  feature('Lenses', 'Polarised|Mirrored|Gradient|Photochromic|Clear'),
  feature('Frame', 'Acetate|Bamboo|Steel|Titanium|Recycled Nylon'),
  feature(
    'Care',
    'Machine wash cold|Hand wash only|Dry clean|Wipe with a damp cloth|Do not tumble dry',
  ),
  feature('Origin', 'Woven in small batches|Made to order|Knitted on request|Hand-finished'),
  feature('Season', 'Spring|Summer|Autumn|Winter|All Year'),
  feature('Weight', '120 g/m²|180 g/m²|240 g/m²|320 g/m²|14 oz|8 oz'),
  feature('Waterproofing', 'Showerproof|5,000 mm|10,000 mm|20,000 mm|Waxed'),
  feature('Pockets', '1|2|3|4|6|None'),
  feature('Stitching', 'Double Stitch|Flatlock|Blanket Stitch|Goodyear|Saddle'),
  feature('Green Leaf Certified', ''),
  feature('Fair Trade Certified', ''),
  feature('Vegan', ''),
  feature('UV Protection', ''),
  feature('Satisfaction Guaranteed', ''),
  feature('5 Year Warranty', ''),
  feature('Non-GMO', ''),
  feature('Repairs For Life', ''),
]

function category(
  name: string,
  sizing: Sizing,
  priceMin: number,
  priceMax: number,
  nouns: string,
): SampleCategory {
  return { name, sizing, priceMin, priceMax, nouns: words(nouns) }
}

function feature(name: string, values: string): { name: string; values: readonly string[] } {
  return { name, values: values === '' ? [] : words(values) }
}

function words(list: string): readonly string[] {
  return list.split('|')
}
