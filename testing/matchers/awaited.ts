import type { AssertionLike } from "./chai.ts";

type Matcher<Args extends never[]> = (this: AssertionLike, ...args: Args) => Promise<void>;

/**
 * A matcher whose assertion is what has to be awaited. What a method answers does not come back to a test: Hardhat's toolbox brings
 * chai-as-promised, which wraps every method and answers the assertion instead.
 */
export function awaited<Args extends never[]>(
  matcher: Matcher<Args>,
): (this: AssertionLike, ...args: Args) => AssertionLike {
  return function (...args) {
    const outcome = matcher.apply(this, args);
    return Object.assign(this, { then: outcome.then.bind(outcome), catch: outcome.catch.bind(outcome) });
  };
}
