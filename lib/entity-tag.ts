const opaqueTag = /(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g

/** Whether an If-None-Match header names this tag, by weak comparison (RFC 9110, 8.8.3.2): what differs in strength only is equal. */
export const matchesEtag = (ifNoneMatch: string, etag: string): boolean => {
  if (ifNoneMatch === etag || ifNoneMatch.trim() === '*') return true
  const opaque = opaqueOf(etag)
  for (const [, listed] of ifNoneMatch.matchAll(opaqueTag)) {
    if (listed === opaque) return true
  }
  return false
}

const opaqueOf = (etag: string): string => (etag.startsWith('W/') ? etag.slice(2) : etag)
