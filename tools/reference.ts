// Writes docs/reference/: what the NatSpec of the shipped contracts says, a page a folder, with an index. From the compiler's
// syntax trees, which the build keeps; nothing else is needed. Not committed: `npm run docs` makes it in seconds.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { shippedContracts, type Build, type Contract } from "./contracts/build.ts";
import { natSpecOf, type NatSpec } from "./contracts/natspec.ts";
import { childOf, listOf, textOf, type AstNode } from "./mutants/ast.ts";

const DIRECTORY = "docs/reference";

const KINDS: readonly (readonly [title: string, nodeTypes: readonly string[]])[] = [
  ["Functions", ["FunctionDefinition"]],
  ["Constants and variables", ["VariableDeclaration"]],
  ["Events", ["EventDefinition"]],
  ["Errors", ["ErrorDefinition"]],
  ["Types", ["StructDefinition", "EnumDefinition", "UserDefinedValueTypeDefinition"]],
];

/** A source file of the project, in a build that has it. */
type Unit = { readonly file: string; readonly node: AstNode; readonly build: Build };

/** The sources that the contracts are made of, by folder and name. */
function unitsOf(contracts: readonly Contract[]): Unit[] {
  const units = new Map<string, Unit>();
  for (const { build } of contracts) {
    for (const [name, node] of build.units) {
      const file = name.replace(/^project\//, "");
      if (file.startsWith("contracts/") && !/^contracts\/(bridges\/)?(devnet|examples|test)\/|\.t\.sol$/.test(file)) {
        units.set(file, { file, node, build });
      }
    }
  }
  return [...units.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** Whether anyone from outside a contract can see it; of what stands in no contract, anyone. */
function isSeen(node: AstNode, isOfContract: boolean): boolean {
  if (textOf(node, "kind") === "constructor") return childOf(node, "documentation") !== undefined;
  const isHidden = ["FunctionDefinition", "VariableDeclaration"].includes(node.nodeType) && isOfContract;
  return !isHidden || ["external", "public"].includes(textOf(node, "visibility"));
}

/** A definition up to its body. */
function signatureOf(build: Build, node: AstNode): string {
  const source = build.sourceOf(node);
  if (node.nodeType === "VariableDeclaration" && node.constant !== true) return source.replace(/ = .*$/s, "");
  if (node.nodeType !== "FunctionDefinition") return source.replace(/;$/, "");
  const body = childOf(node, "body");
  const head = body === undefined ? source : source.slice(0, source.indexOf(build.sourceOf(body)));
  return head.replace(/;?\s*$/, "");
}

function paragraphs({ text, params, returns }: NatSpec): string[] {
  const list = [
    ...[...params].map(([name, meaning]) => `- \`${name}\`: ${meaning}`),
    ...returns.map((meaning) => `- returns ${meaning}`),
  ];
  return [...text, ...(list.length === 0 ? [] : [list.join("\n")])];
}

function entry(build: Build, node: AstNode, level: string): string[] {
  const name = textOf(node, "name") || textOf(node, "kind");
  return [
    `${level} ${name}`,
    `\`\`\`solidity\n${signatureOf(build, node)}\n\`\`\``,
    ...paragraphs(natSpecOf(build, node)),
  ];
}

/** What the nodes define, by kind; `level` is that of the kinds' headings. */
function members(build: Build, nodes: readonly AstNode[], level: string, isOfContract: boolean): string[] {
  return KINDS.flatMap(([title, nodeTypes]) => {
    const found = nodes.filter((node) => nodeTypes.includes(node.nodeType) && isSeen(node, isOfContract));
    return found.length === 0 ? [] : [`${level} ${title}`, ...found.flatMap((node) => entry(build, node, `${level}#`))];
  });
}

function contractSection(build: Build, node: AstNode): string[] {
  const bases = listOf(node, "baseContracts").map((base) => `\`${build.sourceOf(base).replace(/\(.*$/s, "")}\``);
  return [
    `## ${textOf(node, "name")}`,
    `${node.abstract === true ? "Abstract " : ""}${textOf(node, "contractKind")}${bases.length === 0 ? "" : `, is ${bases.join(", ")}`}`,
    ...paragraphs(natSpecOf(build, node)),
    ...members(build, listOf(node, "nodes"), "###", true),
  ];
}

function unitSection({ file, node, build }: Unit): string[] {
  const declared = listOf(node, "nodes");
  const contracts = declared.filter(({ nodeType }) => nodeType === "ContractDefinition");
  const free = members(build, declared, "###", false);
  return [
    `<!-- ${file} -->`,
    ...contracts.flatMap((contract) => contractSection(build, contract)),
    ...(free.length === 0 ? [] : [`## ${path.basename(file)}`, ...free]),
  ];
}

const units = unitsOf(await shippedContracts());
const folders = new Map<string, Unit[]>();
for (const unit of units) {
  const folder = path.dirname(unit.file);
  folders.set(folder, [...(folders.get(folder) ?? []), unit]);
}
rmSync(DIRECTORY, { recursive: true, force: true });
mkdirSync(DIRECTORY, { recursive: true });
const index = ["# Reference", "The contracts' NatSpec, written by `npm run docs`."];
for (const [folder, within] of folders) {
  const page = `${folder.replaceAll("/", ".")}.md`;
  writeFileSync(path.join(DIRECTORY, page), [`# ${folder}`, ...within.flatMap(unitSection)].join("\n\n") + "\n");
  index.push(`- [${folder}](${page}): ${within.map(({ file }) => path.basename(file, ".sol")).join(", ")}`);
}
writeFileSync(path.join(DIRECTORY, "README.md"), index.join("\n\n") + "\n");
console.log(`wrote ${folders.size + 1} pages of ${units.length} sources to ${DIRECTORY}/`);
