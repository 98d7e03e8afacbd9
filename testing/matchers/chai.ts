/** What of chai the matchers need: no version of it is a dependency. */
export interface AssertionLike {
  /** What was given to `expect`. */
  readonly _obj: unknown;
  /** Throws chai's error with one of these texts unless the condition holds, or, after `not`, if it does. */
  assert(condition: boolean, text: string, negatedText: string): void;
}

export interface ChaiLike {
  readonly Assertion: { addMethod(name: string, matcher: Matcher): void };
}

/** A method's type, so that what it takes may be narrower: the types of its arguments are in `typeExtensions.ts`. */
type Matcher = { match(this: AssertionLike, ...args: unknown[]): unknown }["match"];
