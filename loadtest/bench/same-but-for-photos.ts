interface Styles {
  readonly results: readonly { readonly photos: readonly object[] }[]
}

/** Whether two styles answers say the same when the order of photos and their repetitions do not count. */
export const sameButForPhotos = (one: string, other: string): boolean =>
  withPhotosOnce(one) === withPhotosOnce(other)

const withPhotosOnce = (text: string) => {
  const styles = JSON.parse(text) as Styles
  const results = styles.results.map((style) => ({
    ...style,
    photos: [...new Set(style.photos.map((photo) => JSON.stringify(photo)))].toSorted(),
  }))
  return JSON.stringify({ ...styles, results })
}
