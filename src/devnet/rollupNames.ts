const LETTERS = [
  ...["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"],
  ...["iota", "kappa", "lambda", "mu", "nu", "xi", "omicron", "pi"],
  ...["rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"],
] as const;

/** The letters that name the first rollups, in order. */
export type RollupLetters = typeof LETTERS;

/** Names of so many rollups: alpha, beta and on; when the letters are over, rollup25 and on. */
export function rollupNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => LETTERS[index] ?? `rollup${index + 1}`);
}
