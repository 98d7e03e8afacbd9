/** What the compiler knows of the contracts: their syntax trees, from the build that is there. */
import { readFile } from "node:fs/promises";

import hre from "hardhat";
import { z } from "zod";

import { isNode, listOf, rangeOf, textOf, type AstNode } from "../mutants/ast.ts";

/** What nobody deploys to a network that stays. */
const NOT_SHIPPED = ["contracts/bridges/devnet/", "contracts/devnet/", "contracts/examples/", "contracts/test/"];

const Ast = z.custom<AstNode>(isNode);
const Input = z.object({ input: z.object({ sources: z.record(z.object({ content: z.string() })) }) });
const Output = z.object({ output: z.object({ sources: z.record(z.object({ id: z.number(), ast: Ast })) }) });

/** One run of the compiler: its sources, and what they declare. */
class Build {
  readonly units = new Map<string, AstNode>();
  readonly #nodes = new Map<number, AstNode>();
  readonly #texts = new Map<number, Buffer>();

  constructor(input: unknown, output: unknown) {
    const { sources } = Input.parse(input).input;
    for (const [name, { id, ast }] of Object.entries(Output.parse(output).output.sources)) {
      this.units.set(name, ast);
      this.#texts.set(id, Buffer.from(sources[name]?.content ?? ""));
      this.#index(ast);
    }
  }

  /** What is declared with this id. */
  node(id: unknown): AstNode | undefined {
    return typeof id === "number" ? this.#nodes.get(id) : undefined;
  }

  /** A node's source, on one line. */
  sourceOf(node: AstNode): string {
    const { start, end } = rangeOf(node);
    const file = Number(node.src.split(":")[2]);
    return (this.#texts.get(file)?.subarray(start, end).toString() ?? "").replace(/\s+/g, " ").trim();
  }

  /** Notes what a source declares, and each of its contracts. What is within functions nothing outside of them names. */
  #index(unit: AstNode): void {
    for (const declared of listOf(unit, "nodes")) {
      for (const node of [declared, ...listOf(declared, "nodes")]) {
        if (typeof node.id === "number") this.#nodes.set(node.id, node);
      }
    }
  }
}

export type { Build };

/** A contract, interface or library of this project, in the build that made it. */
export type Contract = {
  readonly name: string;
  /** As in `contracts/Gateway.sol`. */
  readonly file: string;
  readonly node: AstNode;
  readonly build: Build;
  readonly isDeployable: boolean;
};

/** The shipped contracts, interfaces and libraries by file and name; builds what changed. */
export async function shippedContracts(): Promise<Contract[]> {
  await hre.tasks.getTask("build").run({ quiet: true, noTests: true });
  const builds = new Map<string, Build>();
  const found: Contract[] = [];
  for (const fullName of await hre.artifacts.getAllFullyQualifiedNames()) {
    if (!fullName.startsWith("contracts/") || NOT_SHIPPED.some((prefix) => fullName.startsWith(prefix))) continue;
    const { sourceName, contractName, bytecode, buildInfoId, inputSourceName } =
      await hre.artifacts.readArtifact(fullName);
    if (sourceName.endsWith(".t.sol") || buildInfoId === undefined || inputSourceName === undefined) continue;
    const build = builds.get(buildInfoId) ?? (await readBuild(buildInfoId));
    builds.set(buildInfoId, build);
    const unit = build.units.get(inputSourceName);
    const node =
      unit &&
      listOf(unit, "nodes").find(
        (one) => one.nodeType === "ContractDefinition" && textOf(one, "name") === contractName,
      );
    if (node === undefined) throw new Error(`No syntax tree for ${fullName}: run \`npm run build -- --force\`.`);
    const isDeployable = bytecode !== "0x" && node.contractKind === "contract";
    found.push({ name: contractName, file: sourceName, node, build, isDeployable });
  }
  return found.sort((a, b) => (`${a.file}:${a.name}` < `${b.file}:${b.name}` ? -1 : 1));
}

async function readBuild(id: string): Promise<Build> {
  const read = async (file: string | undefined): Promise<unknown> => {
    if (file === undefined) throw new Error(`No build info ${id}: run \`npm run build -- --force\`.`);
    return JSON.parse(await readFile(file, "utf8")) as unknown;
  };
  return new Build(
    await read(await hre.artifacts.getBuildInfoPath(id)),
    await read(await hre.artifacts.getBuildInfoOutputPath(id)),
  );
}

/** A contract's own definition and those that it inherits from, the most derived first. */
export function lineOf({ node, build }: Contract): AstNode[] {
  const ids: unknown = node.linearizedBaseContracts;
  return Array.isArray(ids) ? ids.map((id) => build.node(id)).filter(isNode) : [];
}
