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
  "contracts/applications/*.sol",
];

export const mutatedFiles = (root: string): string[] => globSync([...OF_GATEWAY, ...AROUND], { cwd: root }).sort();

/** Files that the Gateway is made without: besides those around it what they and BN254's tables are made of. */
export const isAround = (file: string): boolean =>
  /^contracts\/((applications|settlement|bridges)\/|types\/(TakenTable|Scheme)\.sol$)/.test(file) || isBn254(file);

/** BN254's points, certificates and tables. */
export const isBn254 = (file: string): boolean => /^contracts\/(tables|types)\/Bn254/.test(file);

/** Files whose functions have tests of their own, without what is deployed. */
export const hasUnits = (file: string): boolean => /^contracts\/(tables|types)\//.test(file) && !isBn254(file);

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

/** … and those that do not: their stack is too deep. The factory holds the BN254 table's code. */
export const GATEWAY: Target = { file: "contracts/Gateway.sol", name: "Gateway" };
export const BN254_FACTORY: Target = { file: "contracts/tables/Bn254TableFactory.sol", name: "Bn254TableFactory" };
export const BN254_HARNESS: Target = { file: "contracts/test/Bn254Harness.sol", name: "Bn254Harness" };
export const BN254: readonly Target[] = [BN254_FACTORY, BN254_HARNESS];
export const DEEP: readonly Target[] = [GATEWAY, ...BN254];
export const OPTIMIZED: Profile = { viaIR: true, optimizer: { enabled: true, runs: 200 }, metadata };

/** As it is deployed. Two sources with the same code here are the same contract. */
export const DEPLOYED: Profile = { viaIR: true, optimizer: { enabled: true, runs: 1_000_000 }, metadata };

/** Its code holds the Slasher's. */
export const SERVICE_MANAGER: Target = { file: "contracts/settlement/ServiceManager.sol", name: "ServiceManager" };

/** Contracts around the Gateway. */
export const FABRIC: readonly Target[] = [
  { file: "contracts/settlement/Settlement.sol", name: "Settlement" },
  SERVICE_MANAGER,
  { file: "contracts/bridges/local/LocalBridge.sol", name: "LocalBridge" },
  { file: "contracts/bridges/devnet/DevnetL1Bridge.sol", name: "DevnetL1Bridge" },
  { file: "contracts/bridges/devnet/DevnetRollupBridge.sol", name: "DevnetRollupBridge" },
  { file: "contracts/bridges/hop/ArbitrumOnOptimismHop.sol", name: "ArbitrumOnOptimismHop" },
  { file: "contracts/applications/StakeBoundedBridge.sol", name: "StakeBoundedBridge" },
  { file: "contracts/applications/StakeBoundedBridgeERC7802.sol", name: "StakeBoundedBridgeERC7802" },
];

/** What is deployed. */
export const SHIPPED: readonly Target[] = [GATEWAY, ...TABLES, BN254_FACTORY, ...FABRIC];

/** Tests of the types by themselves and of the tables: what needs no Gateway. */
export const unitTests = (root: string, file: string): string[] =>
  isBn254(file)
    ? find(root, ["test/contracts/types/Bn254", "test/contracts/tables/Bn254*"])
    : file.startsWith("contracts/types/")
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
  ["contracts/tables/Bn254", ["settlement/bn254"]],
  ["contracts/types/Bn254", ["settlement/bn254"]],
  ["contracts/types/Scheme.sol", ["settlement/bn254", "settlement/snapshot"]],
  ["contracts/types/TakenTable.sol", ["settlement/bn254", "settlement/slasher/quorum", "settlement/slasher/evidence"]],
  [
    "contracts/settlement/Settlement.sol",
    ["settlement/onSettled", "settlement/Settlement", "settlement/falsehoodWad", "bridges/bridges"],
  ],
  [
    "contracts/settlement/manager/",
    [
      "settlement/snapshot",
      "settlement/ServiceManager",
      "settlement/revocation",
      "settlement/snapshotOrder",
      "settlement/bn254",
    ],
  ],
  [
    "contracts/settlement/slasher/",
    ["falsehood", "falsehoodForms", "falsehoodNotice", "evidence", "quorum", "convict", "slashing"].map(
      (name) => `settlement/slasher/${name}`,
    ),
  ],
  ["contracts/bridges/RollupBridge.sol", ["bridges/bridges", "bridges/closedLanes"]],
  ["contracts/bridges/hop/", ["bridges/hop/*"]],
  ["contracts/applications/", ["applications/*"]],
];

export const concernedTests = (root: string, file: string): string[] =>
  find(
    root,
    CONCERNED.filter(
      // What is said of all types is said of those that the Gateway is made of.
      ([concerned]) => file.startsWith(concerned) && isAround(concerned) === isAround(file),
    ).flatMap(([, tests]) => tests.map((test) => `test/contracts/${test}`)),
  );

/** Both. */
export const allTests = (root: string, file: string): string[] => [
  ...(hasUnits(file) || isBn254(file) ? unitTests(root, file) : []),
  ...concernedTests(root, file),
];

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
