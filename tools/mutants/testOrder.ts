import type { Mutant } from "./mutant.ts";

/** Puts first the tests that killed most mutants of the same function, then of the same file. */
export class TestOrder {
  readonly #kills = new Map<string, number>();

  of({ file, within }: Mutant, tests: readonly string[]): string[] {
    const inFunction = (test: string): number => this.#kills.get(`${file} ${within} ${test}`) ?? 0;
    const inFile = (test: string): number => this.#kills.get(`${file} ${test}`) ?? 0;
    return [...tests].sort((a, b) => inFunction(b) - inFunction(a) || inFile(b) - inFile(a));
  }

  note({ file, within }: Mutant, test: string): void {
    for (const key of [`${file} ${within} ${test}`, `${file} ${test}`]) {
      this.#kills.set(key, (this.#kills.get(key) ?? 0) + 1);
    }
  }
}
