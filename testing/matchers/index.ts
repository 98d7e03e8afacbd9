/**
 * Matchers for chai: `use(parleyMatchers)`. All three are awaited. Of the chains they ask what is so now: nothing is delivered by them.
 */
import { awaited } from "./awaited.ts";
import type { ChaiLike } from "./chai.ts";
import { emitMessage } from "./emitMessage.ts";
import { toBeDeliveredOn } from "./toBeDeliveredOn.ts";
import { toFailOn } from "./toFailOn.ts";
import "./typeExtensions.ts";

/** Adds `emitMessage`, `toBeDeliveredOn` and `toFailOn` to chai's assertions. */
export function parleyMatchers({ Assertion }: ChaiLike): void {
  Assertion.addMethod("emitMessage", awaited(emitMessage));
  Assertion.addMethod("toBeDeliveredOn", awaited(toBeDeliveredOn));
  Assertion.addMethod("toFailOn", awaited(toFailOn));
}
