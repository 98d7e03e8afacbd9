/** Blocks up to so many before the newest are all kept. */
const NEAR = 128n;

/**
 * Which of the blocks that were read up to are needed no more: of those far back, one is kept for each doubling of the
 * distance. So a reorganisation of any depth has few blocks more read again than it took back, and little is kept.
 * @param numbers Ascending.
 */
export function superfluousBlocks(numbers: readonly bigint[]): bigint[] {
  const newest = numbers.at(-1) ?? 0n;
  const superfluous: bigint[] = [];
  const kept = new Set<number>();
  for (const number of numbers) {
    const distance = newest - number;
    if (distance <= NEAR) break;
    // Ascending, so the oldest of each doubling is kept: it grows into the next one, and leaves its place to another.
    const doubling = distance.toString(2).length;
    if (kept.has(doubling)) superfluous.push(number);
    kept.add(doubling);
  }
  return superfluous;
}
