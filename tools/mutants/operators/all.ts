import { assembly } from "./assembly.ts";
import { binary } from "./binary.ts";
import type { Operator } from "./change.ts";
import { drop, dropModifier } from "./drop.ts";
import { literal } from "./literal.ts";
import { negate } from "./negate.ts";
import { swap } from "./swap.ts";
import { unary } from "./unary.ts";

/** Every way to make a mutant of a node. */
export const OPERATORS: readonly Operator[] = [binary, unary, literal, negate, drop, dropModifier, swap, assembly];
