import { rangeOf, textOf } from "../ast.ts";
import type { Operator } from "./change.ts";

/** `7` → `8`; `true` ↔ `false`; a text → the empty text. */
export const literal: Operator = (node, source) => {
  if (node.nodeType !== "Literal" && node.nodeType !== "YulLiteral") return [];
  const text = source.of(node);
  const place = rangeOf(node);
  switch (textOf(node, "kind")) {
    case "bool":
      return [{ ...place, kind: "literal", text: text === "true" ? "false" : "true" }];
    case "string":
      return text === '""' ? [] : [{ ...place, kind: "literal", text: '""' }];
    case "number":
      return [{ ...place, kind: "literal", text: oneMore(text) }];
    default:
      return [];
  }
};

/** In the same base, since the type of `0x0f` in Solidity depends on its digits; and with its unit. `0.1e18` is added to as it stands. */
function oneMore(text: string): string {
  const [digits = "", ...unit] = text.split(" ");
  if (/^\d[\d_]*\.|^[\d_.]+e/i.test(digits)) return `(${text} + 1)`;
  const value = BigInt(digits.replaceAll("_", "")) + 1n;
  const written = digits.startsWith("0x")
    ? `0x${value.toString(16).padStart(digits.length - 2, "0")}`
    : value.toString();
  return [written, ...unit].join(" ");
}
