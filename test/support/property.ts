import fc from "fast-check";

const SEED = 7786;

/** Checks a property on `numRuns` inputs that are the same on every run. */
export function check<Ts extends [unknown, ...unknown[]]>(property: fc.IProperty<Ts>, numRuns = 200): void {
  fc.assert(property, { seed: SEED, numRuns });
}

/** Checks an asynchronous property on `numRuns` inputs that are the same on every run. */
export async function checkAsync<Ts extends [unknown, ...unknown[]]>(
  property: fc.IAsyncProperty<Ts>,
  numRuns = 200,
): Promise<void> {
  await fc.assert(property, { seed: SEED, numRuns });
}
