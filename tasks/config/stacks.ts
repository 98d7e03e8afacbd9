/** The bridges by which a rollup can be joined to L1. */
export { STACKS, type Stack } from "../../src/stacks/stack.ts";
