/**
 * Which cache answered, from a Cache-Status header (RFC 9211): `nginx hit`, `nginx stale`, `miss`
 * when none did, `none` without the header. Caches are listed from the origin outwards, so that the
 * last one with a hit is the one that answered.
 */
export function cacheStateOf(header: string | undefined): string {
  if (header === undefined || header === '') return 'none'
  const caches = header.split(',')
  for (let i = caches.length - 1; i >= 0; i--) {
    const [name = '', ...parameters] = (caches[i] as string).split(';').map((part) => part.trim())
    if (!parameters.includes('hit')) continue
    return `${name.replaceAll('"', '')} ${parameters.some(isExpired) ? 'stale' : 'hit'}`
  }
  return 'miss'
}

// A negative ttl is the age beyond freshness of a reply that was served all the same.
function isExpired(parameter: string): boolean {
  return parameter.startsWith('ttl=-')
}
