/** What is mutated, what it is compiled into, and which tests concern it. */
import { globSync } from "node:fs";
import path from "node:path";

import { childrenOf, textOf, type AstNode } from "./ast.ts";
import type { Profile, Target } from "./compiler.ts";

/** The Gateway, its parts, the operator tables, the types. */
const OF_GATEWAY = ["contracts/{Gateway,Inbox,Outbox,Wiring}.sol", "contracts/{inbox,tables,types}/*.sol"];

/** Of what is around it: who says what is settled, who judges by it, which tables there are, and how all that travels. */
const AROUND = [
  "contracts/settlement/{Settlement,manager/Tables,slasher/Judge}.sol",
  "contracts/bridges/{RollupBridge,hop/*}.sol",
];

/** Not measured yet: no harness has their functions, and their tests need the ServiceManager. */
const UNMEASURED = ["contracts/{tables,types}/Bn254*.sol"];

export const mutatedFiles = (root: string): string[] =>
  globSync([...OF_GATEWAY, ...AROUND], { cwd: root, exclude: UNMEASURED }).sort();

export const isAround = (file: string): boolean => /^contracts\/(settlement|bridges)\//.test(file);

const metadata = { bytecodeHash: "none" } as const;

/** The types' functions, for their tests. */
export const HARNESSES: readonly Target[] = [
  { file: "contracts/test/WireHarness.sol", name: "WireHarness" },
  { file: "contracts/test/TablesHarness.sol", name: "TablesHarness" },
];

export const TABLES: readonly Target[] = [
  { file: "contracts/tables/EcdsaTableFactory.sol", name: "EcdsaTableFactory" },
  { file: "contracts/tables/EcdsaOperatorTable.sol", name: "EcdsaOperatorTable" },
  { file: "contracts/tables/StoredTableFactory.sol", name: "StoredTableFactory" },
  { file: "contracts/tables/StoredOperatorTable.sol", name: "StoredOperatorTable" },
];

/** Contracts that compile in a moment without the optimizer … */
export const SMALL: readonly Target[] = [...HARNESSES, ...TABLES];
export const QUICK: Profile = { viaIR: false, optimizer: { enabled: false }, metadata };

/** … and one that does not: its stack is too deep. */
export const GATEWAY: Target = { file: "contracts/Gateway.sol", name: "Gateway" };
export const OPTIMIZED: Profile = { viaIR: true, optimizer: { enabled: true, runs: 200 }, metadata };

/** As it is deployed. Two sources with the same code here are the same contract. */
export const DEPLOYED: Profile = { viaIR: true, optimizer: { enabled: true, runs: 1_000_000 }, metadata };

/** Contracts around the Gateway; the ServiceManager's code holds the Slasher's. */
export const FABRIC: readonly Target[] = [
  { file: "contracts/settlement/Settlement.sol", name: "Settlement" },
  { file: "contracts/settlement/ServiceManager.sol", name: "ServiceManager" },
  { file: "contracts/bridges/local/LocalBridge.sol", name: "LocalBridge" },
  { file: "contracts/bridges/devnet/DevnetL1Bridge.sol", name: "DevnetL1Bridge" },
  { file: "contracts/bridges/devnet/DevnetRollupBridge.sol", name: "DevnetRollupBridge" },
  { file: "contracts/bridges/hop/ArbitrumOnOptimismHop.sol", name: "ArbitrumOnOptimismHop" },
];

/** What is deployed. */
export const SHIPPED: readonly Target[] = [GATEWAY, ...TABLES, ...FABRIC];

/** Tests of the types by themselves and of the tables: what needs no Gateway. */
export const unitTests = (root: string, file: string): string[] =>
  file.startsWith("contracts/types/")
    ? find(root, [`test/contracts/types/${path.basename(file, ".sol")}*`])
    : find(root, ["test/contracts/tables/*", "test/contracts/types/Certificate"]);

/** Which tests of the Gateway, or of what is around it, concern a file. */
const CONCERNED: readonly (readonly [file: string, tests: readonly string[]])[] = [
  ["contracts/Gateway.sol", ["Fixture", "GatewayDeployer", "Outbox", "inbox/members", "inbox/owner"]],
  ["contracts/Wiring.sol", ["Fixture", "GatewayDeployer", "Outbox", "inbox/advance", "inbox/owner"]],
  ["contracts/Outbox.sol", ["Outbox*", "inbox/members"]],
  ["contracts/Inbox.sol", ["Inbox*", "Incidents"]],
  ["contracts/inbox/Arrivals.sol", ["inbox/arrivals*", "inbox/members", "inbox/revocation", "inbox/heldWords"]],
  ["contracts/inbox/Certificates.sol", ["inbox/advance", "inbox/revocation", "inbox/heldWords", "InboxProofs"]],
  [
    "contracts/inbox/Members.sol",
    ["inbox/members", "inbox/owner", "inbox/incidents", "inbox/heldWords", "OutboxLanes"],
  ],
  ["contracts/inbox/Words.sol", ["inbox/heldWords", "inbox/advance", "inbox/owner", "inbox/revocation", "InboxProofs"]],
  ["contracts/tables/", ["InboxProofs", "inbox/advance", "inbox/arrivals", "inbox/incidents"]],
  ["contracts/types/Table.sol", ["inbox/owner", "tables/*"]],
  ["contracts/types/", ["Outbox*", "Inbox*", "inbox/advance", "inbox/arrivals", "inbox/revocation"]],
  [
    "contracts/settlement/Settlement.sol",
    ["settlement/onSettled", "settlement/Settlement", "settlement/falsehoodWad", "bridges/bridges"],
  ],
  [
    "contracts/settlement/manager/",
    ["settlement/snapshot", "settlement/ServiceManager", "settlement/revocation", "settlement/snapshotOrder"],
  ],
  [
    "contracts/settlement/slasher/",
    ["falsehood", "falsehoodForms", "falsehoodNotice", "evidence", "quorum", "convict", "slashing"].map(
      (name) => `settlement/slasher/${name}`,
    ),
  ],
  ["contracts/bridges/RollupBridge.sol", ["bridges/bridges", "bridges/closedLanes"]],
  ["contracts/bridges/hop/", ["bridges/hop/*"]],
];

export const concernedTests = (root: string, file: string): string[] =>
  find(
    root,
    CONCERNED.filter(([concerned]) => file.startsWith(concerned)).flatMap(([, tests]) =>
      tests.map((test) => `test/contracts/${test}`),
    ),
  );

/** The test files of these names, each name's in turn. */
const find = (root: string, names: readonly string[]): string[] => [
  ...new Set(names.flatMap((name) => globSync(`${name}.test.ts`, { cwd: root }).sort())),
];

/** The sources that a source is compiled with, itself included. */
export function closureOf(file: string, asts: ReadonlyMap<string, AstNode>, seen = new Set<string>()): Set<string> {
  const ast = asts.get(file);
  if (seen.has(file) || ast === undefined) return seen;
  seen.add(file);
  for (const node of childrenOf(ast)) {
    if (node.nodeType === "ImportDirective") closureOf(textOf(node, "absolutePath"), asts, seen);
  }
  return seen;
}
