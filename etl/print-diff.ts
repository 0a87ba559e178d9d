import type { ReleaseDiff } from './diff.ts'

const counts = new Intl.NumberFormat('en')

/** What changes for a shop when it goes from one release to the other, in a few lines. */
export function printDiff(diff: ReleaseDiff, priceShare: number): string {
  const { from, to, added, removed, changed, pricesMoved, farthestMoves } = diff
  return [
    `from release ${from} to ${to}: ${counts.format(added)} products added, ` +
      `${counts.format(removed)} removed, ${counts.format(changed)} changed`,
    `prices that moved by more than ${100 * priceShare} %: ${counts.format(pricesMoved)}`,
    ...farthestMoves.map(
      (move) => `  ${move.what} ${move.id} ${move.column}: ${move.from} → ${move.to}`,
    ),
  ].join('\n')
}
