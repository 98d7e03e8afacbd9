import type { AstNode, Range } from "../ast.ts";
import type { SourceText } from "../sourceText.ts";

/** What is done to the source. */
export type Kind = "operator" | "bound" | "negation" | "literal" | "drop" | "swap" | "modifier";

/** One change of a source, at one place. */
export type Change = Range & { readonly kind: Kind; readonly text: string };

/** Says which changes to make of a node. Those below it are made by others. */
export type Operator = (node: AstNode, source: SourceText) => Change[];
