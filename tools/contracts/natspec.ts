/** What a definition's NatSpec says, with what it takes over from others (`@inheritdoc`, and functions without any of their own). */
import { childOf, isNode, textOf, type AstNode } from "../mutants/ast.ts";
import type { Build } from "./build.ts";

export type NatSpec = {
  /** What `@notice` and `@dev` say, a paragraph each. */
  readonly text: readonly string[];
  /** By parameter, or member of a struct. */
  readonly params: ReadonlyMap<string, string>;
  /** In their order. */
  readonly returns: readonly string[];
};

export function natSpecOf(build: Build, node: AstNode): NatSpec {
  const tags = tagsOf(node);
  const base = basesOf(build, node)[0];
  if (base !== undefined && (tags.length === 0 || tags.some(({ tag }) => tag === "inheritdoc"))) {
    return natSpecOf(build, base);
  }
  const named = (tag: string): { tag: string; text: string }[] => tags.filter((one) => one.tag === tag);
  return {
    text: [...named("notice"), ...named("dev")].map(({ text }) => text),
    params: new Map(
      named("param").map(({ text }) => {
        const [name = "", ...rest] = text.split(" ");
        return [name, rest.join(" ")];
      }),
    ),
    returns: named("return").map(({ text }) => text),
  };
}

/** The functions that a function, or a public variable, implements. */
function basesOf(build: Build, node: AstNode): AstNode[] {
  const ids: unknown = node.baseFunctions;
  return Array.isArray(ids) ? ids.map((id) => build.node(id)).filter(isNode) : [];
}

/** The tags of a comment; text before the first is a notice. Indented lines are code, a title in capitals begins a paragraph. */
function tagsOf(node: AstNode): { tag: string; text: string }[] {
  const tags: { tag: string; text: string }[] = [];
  const documentation = childOf(node, "documentation");
  for (const raw of textOf(documentation ?? node, "text").split("\n")) {
    const line = raw.trim();
    const [, tag, rest = ""] = /^@([\w:-]+)\s*(.*)$/.exec(line) ?? [];
    const last = tags.at(-1);
    if (tag !== undefined) tags.push({ tag, text: rest });
    else if (last === undefined) tags.push({ tag: "notice", text: line });
    else if (/^ {5}/.test(raw)) last.text += `${/\n {4}.*$/.test(last.text) ? "\n" : "\n\n"}    ${raw.slice(5)}`;
    else if (/^[A-Z][A-Z ,-]+: /.test(line) || /\n {4}.*$/.test(last.text)) last.text += `\n\n${line}`;
    else last.text = `${last.text} ${line}`.trim();
  }
  return tags;
}
