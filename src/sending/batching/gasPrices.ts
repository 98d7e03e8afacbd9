/** A price of gas when it was seen. */
type Sample = { readonly at: number; readonly price: bigint };

/** Prices of gas on a chain over the last while, oldest first. Times in milliseconds since 1970. */
export type GasPrices = { readonly window: number; readonly samples: readonly Sample[] };

/** Samples in a window: nearer ones tell nothing new. */
const SAMPLES = 240;
const HOUR = 3_600_000;

/** No prices yet; what is older than the window does not count. */
export const noPrices = (window: number = HOUR): GasPrices => ({ window, samples: [] });

/** The prices with one more. One that comes sooner after the last than the window asks for takes that one's place. */
export function withPrice({ window, samples }: GasPrices, price: bigint, now: number): GasPrices {
  const recent = samples.filter(({ at }) => at > now - window);
  const [last, before] = [recent.at(-1), recent.at(-2)];
  const isSoon = last !== undefined && before !== undefined && last.at - before.at < window / SAMPLES;
  return { window, samples: [...(isSoon ? recent.slice(0, -1) : recent), { at: now, price }] };
}

/** The median of the prices; undefined if there are too few to say what is usual. */
export function medianPrice({ samples }: GasPrices): bigint | undefined {
  if (samples.length < 3) return undefined;
  const sorted = samples.map(({ price }) => price).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted[Math.floor((sorted.length - 1) / 2)];
}
