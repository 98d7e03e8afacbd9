// Compares the storage layout of every deployable contract with the committed one in docs/storage/ (`--write` renews it).
//
// Contracts here are immutable, so a changed layout breaks no upgrade. It breaks what reads the slots from outside: bridges
// prove words of the Outbox by slot, and so do light clients and the tests of both. A change has to be meant, and seen in a diff.
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";

import hre from "hardhat";
import { z } from "zod";

import { report } from "./report.ts";

const DIRECTORY = "docs/storage";
const NOT_OURS_TO_FREEZE = ["contracts/bridges/devnet/", "contracts/devnet/", "contracts/examples/", "contracts/test/"];

const Variable = z.object({ label: z.string(), offset: z.number(), slot: z.string(), type: z.string() });
const Layout = z.object({
  storage: z.array(Variable),
  types: z.record(z.object({ label: z.string(), members: z.array(Variable).optional() })).nullable(),
});
const Output = z.object({
  output: z.object({ contracts: z.record(z.record(z.object({ storageLayout: Layout }))) }),
});

interface Row {
  slot: number;
  offset: number;
  label: string;
  type: string;
  members?: Row[];
}

function rows(variables: z.infer<typeof Variable>[], types: z.infer<typeof Layout>["types"]): Row[] {
  return variables.map(({ slot, offset, label, type }) => {
    const row: Row = { slot: Number(slot), offset, label, type: types?.[type]?.label ?? type };
    const members = structMembers(type, types);
    return members === undefined ? row : { ...row, members: rows(members, types) };
  });
}

/** The members of the struct that a variable holds, be it directly, in an array or behind mappings. */
function structMembers(type: string, types: z.infer<typeof Layout>["types"]): z.infer<typeof Variable>[] | undefined {
  const struct = Object.keys(types ?? {}).find((name) => name.startsWith("t_struct(") && type.includes(name));
  return struct === undefined ? undefined : types?.[struct]?.members;
}

async function currentLayouts(): Promise<Map<string, string>> {
  await hre.tasks.getTask("build").run({ quiet: true, noTests: true });
  const layouts = new Map<string, string>();
  for (const name of await hre.artifacts.getAllFullyQualifiedNames()) {
    if (!name.startsWith("contracts/") || NOT_OURS_TO_FREEZE.some((prefix) => name.startsWith(prefix))) continue;
    const artifact = await hre.artifacts.readArtifact(name);
    const isDeployable = artifact.bytecode !== "0x" && !artifact.sourceName.endsWith(".t.sol");
    if (!isDeployable || artifact.buildInfoId === undefined || artifact.inputSourceName === undefined) continue;
    const file = await hre.artifacts.getBuildInfoOutputPath(artifact.buildInfoId);
    if (file === undefined) throw new Error(`No build info for ${name}: run \`npm run build -- --force\`.`);
    const { contracts } = Output.parse(JSON.parse(await readFile(file, "utf8"))).output;
    const layout = contracts[artifact.inputSourceName]?.[artifact.contractName]?.storageLayout;
    if (layout === undefined) throw new Error(`The compiler gave no storage layout for ${name}.`);
    if (layout.storage.length === 0) continue;
    if (layouts.has(artifact.contractName))
      throw new Error(`Two deployable contracts are called ${artifact.contractName}.`);
    const lines = rows(layout.storage, layout.types).map((row) => `  ${JSON.stringify(row)}`);
    layouts.set(artifact.contractName, `[\n${lines.join(",\n")}\n]\n`);
  }
  return layouts;
}

async function committedLayouts(): Promise<Map<string, string>> {
  if (!existsSync(DIRECTORY)) return new Map();
  const files = (await readdir(DIRECTORY)).filter((file) => file.endsWith(".json"));
  const read = async (file: string): Promise<[string, string]> => [
    path.basename(file, ".json"),
    await readFile(path.join(DIRECTORY, file), "utf8"),
  ];
  return new Map(await Promise.all(files.map(read)));
}

/** The lines that differ, as `-` (committed) and `+` (current). */
function difference(committed: string, current: string): string {
  const [before, after] = [committed.split("\n"), current.split("\n")];
  const comparable = (line: string): string => line.replace(/,$/, "");
  const missing = (from: string[], other: string[]): string[] =>
    from.filter((line) => !other.some((candidate) => comparable(candidate) === comparable(line)));
  return [
    ...missing(before, after).map((line) => `    - ${line.trim()}`),
    ...missing(after, before).map((line) => `    + ${line.trim()}`),
  ].join("\n");
}

const current = await currentLayouts();
const committed = await committedLayouts();

if (process.argv.includes("--write")) {
  await mkdir(DIRECTORY, { recursive: true });
  for (const contract of committed.keys()) {
    if (!current.has(contract)) await rm(path.join(DIRECTORY, `${contract}.json`));
  }
  for (const [contract, layout] of current) await writeFile(path.join(DIRECTORY, `${contract}.json`), layout);
  console.log(`wrote the layouts of ${[...current.keys()].join(", ") || "no contract"} to ${DIRECTORY}/`);
} else {
  const problems: string[] = [];
  if (current.size === 0) problems.push("no deployable contract with storage was found");
  for (const [contract, layout] of current) {
    const before = committed.get(contract);
    if (before === undefined) problems.push(`${contract}: no committed layout`);
    else if (before !== layout) problems.push(`${contract}: the layout changed\n${difference(before, layout)}`);
  }
  for (const contract of committed.keys()) {
    if (!current.has(contract))
      problems.push(`${contract}: its layout is committed, but the contract is gone or keeps no storage`);
  }
  report(
    problems,
    `storage layouts of ${[...current.keys()].join(", ")}`,
    "If it is meant: `npm run storage:write`, and commit.",
  );
}
