// Writes docs/ACCESS.md: every function of every shipped contract that changes something, and who may call it (`--check` holds
// the page to the contracts instead). Read from the compiler's syntax trees: the conditions on `msg.sender`, in the function, its
// modifiers, and whatever of its own contract it calls. What depends on a proof and not on the caller is open to anyone.
import { existsSync, readFileSync, writeFileSync } from "node:fs";

import { childOf, listOf, textOf, typeOf, type AstNode } from "./mutants/ast.ts";
import { lineOf, shippedContracts, type Contract } from "./contracts/build.ts";
import { guardsOf } from "./contracts/guards.ts";
import { report } from "./report.ts";

const DOCUMENT = "docs/ACCESS.md";

const HEAD = `# Who may call what

Written by \`npm run access:write\` from the compiled contracts; \`npm run check\` holds it to them. It lists every function that changes something, of every contract that can be deployed but the examples and what is for development networks and tests: the condition on its caller, and the error without it. *Anyone* stands for no such condition: such a function asks for a proof, a payment, or nothing, as its interface in \`contracts/interfaces/\` says. Functions that only read are open to anyone and left out. Nothing is upgradeable, and no contract has a fallback.
`;

/** The functions of a contract that change something, in the order of their names. */
function writing(contract: Contract): { signature: string; definition: AstNode }[] {
  const found = new Map<string, AstNode>();
  for (const definition of lineOf(contract).flatMap((one) => listOf(one, "nodes"))) {
    if (definition.nodeType !== "FunctionDefinition" || definition.implemented !== true) continue;
    const [kind, mutability] = [textOf(definition, "kind"), textOf(definition, "stateMutability")];
    if (!["function", "receive", "fallback"].includes(kind) || !["payable", "nonpayable"].includes(mutability))
      continue;
    if (!["external", "public"].includes(textOf(definition, "visibility"))) continue;
    const key = textOf(definition, "functionSelector") || kind;
    if (!found.has(key)) found.set(key, definition);
  }
  const named = [...found.values()].map((definition) => ({ signature: nameOf(definition), definition }));
  const isOverloaded = (name: string): boolean => named.filter(({ signature }) => signature === name).length > 1;
  return named
    .map(({ signature, definition }) => ({
      signature: isOverloaded(signature) ? `${signature}(${parametersOf(definition)})` : signature,
      definition,
    }))
    .sort((a, b) => (a.signature < b.signature ? -1 : 1));
}

const nameOf = (definition: AstNode): string => textOf(definition, "name") || textOf(definition, "kind");

function parametersOf(definition: AstNode): string {
  const list = childOf(definition, "parameters");
  return list === undefined ? "" : listOf(list, "parameters").map(typeOf).join(", ");
}

function rowOf(contract: Contract, { signature, definition }: { signature: string; definition: AstNode }): string {
  const payable = textOf(definition, "stateMutability") === "payable" ? ", payable" : "";
  const guards = guardsOf(contract, definition);
  const who = guards.map(({ condition }) => `\`${condition.replaceAll("|", "\\|")}\``).join(" and ") || "anyone";
  const errors = [...new Set(guards.map(({ error }) => `\`${error}\``))].join(", ");
  return `| \`${signature}\`${payable} | ${who} | ${errors} |`;
}

function page(contracts: readonly Contract[]): string {
  const sections = contracts.map((contract) => {
    const rows = writing(contract).map((one) => rowOf(contract, one));
    const table = ["| function | caller | else |", "|---|---|---|", ...rows].join("\n");
    const nothing = "Nothing: it only answers.";
    return `## ${contract.name}\n\n\`${contract.file}\`\n\n${rows.length === 0 ? nothing : table}\n`;
  });
  return [HEAD, ...sections].join("\n");
}

const current = page((await shippedContracts()).filter(({ isDeployable }) => isDeployable));
if (process.argv.includes("--check")) {
  const committed = existsSync(DOCUMENT) ? readFileSync(DOCUMENT, "utf8") : "";
  const [before, after] = [new Set(committed.split("\n")), new Set(current.split("\n"))];
  const problems = [
    ...[...before].filter((line) => !after.has(line)).map((line) => `not so any more: ${line}`),
    ...[...after].filter((line) => !before.has(line)).map((line) => `missing: ${line}`),
  ];
  if (problems.length === 0 && committed !== current) problems.push("its lines are in another order");
  report(problems, `${DOCUMENT} tells who may call what`, "If it is meant: `npm run access:write`, and commit.");
} else {
  writeFileSync(DOCUMENT, current);
  console.log(`wrote ${DOCUMENT}`);
}
