import path from "node:path";
import { styleText } from "node:util";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { readAddresses } from "../src/deployments/addressesFile.ts";
import { ParleyError } from "../src/errors.ts";
import type { ParleyConfig } from "./config/types.ts";
import { deployKind } from "./deployKind.ts";
import { ExitCode } from "./exitCodes.ts";
import { requireTypes } from "./fabricConnection.ts";
import { describeAddition, type AddResult } from "./output/addResult.ts";
import { toJson } from "./output/json.ts";
import { terminalProgress } from "./output/progress.ts";
import { printingToStderr } from "./output/streams.ts";
import { reportingErrors } from "./taskError.ts";

interface Arguments {
  readonly name: string;
  readonly json: boolean;
  readonly addresses: string;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly safe: string | undefined;
}

export default async function rollupAdd(args: Arguments, hre: HardhatRuntimeEnvironment): Promise<AddResult> {
  const progress = terminalProgress(process.stderr);
  const { name, yes, dryRun } = args;
  const { root } = hre.config.paths;
  const addressesFile = path.resolve(root, args.addresses);
  const safe = args.safe === undefined ? undefined : path.resolve(root, args.safe);
  const { result, text } = await reportingErrors(() =>
    printingToStderr(async () => {
      const parley = await fabricWith(name, addressesFile, hre);
      await requireTypes(hre);
      const { deployNetworks } = await import("./deployNetworks.ts");
      const options = { addressesFile, yes, dryRun, safe, only: name };
      const deployed = await deployNetworks({ parley, network: hre.network }, options, progress);
      const added: AddResult = { ...deployed.result, name, liveFrom: deployed.liveFrom ?? 0n };
      return { result: added, text: deployed.text };
    }).finally(() => progress.end()),
  );
  const isDone = result.steps.every(({ status }) => status === "done" || status === "sent");
  console.log(
    args.json
      ? toJson(result)
      : describeAddition(result, text, (style, part) => styleText(style, part, { stream: process.stdout })),
  );
  process.exitCode = isDone ? ExitCode.done : ExitCode.pending;
  return result;
}

/** The config of the fabric that the addresses file names, and of this rollup. Throws `rollup/…`, `deploy/only-networks`. */
async function fabricWith(
  name: string,
  file: string,
  { config: { parley, networks } }: HardhatRuntimeEnvironment,
): Promise<ParleyConfig> {
  if (deployKind(parley, networks) === "simulated") {
    throw new ParleyError(
      "deploy/only-networks",
      "The fabric's chains are simulated: they start empty with each process, and end with it.",
      "Name the rollup under `parley.rollups`; rollup:devnet and rollup:deploy start with all of them.",
    );
  }
  const addresses = await readAddresses(file);
  if (addresses?.chains !== "networks") {
    throw new ParleyError(
      "rollup/no-fabric",
      `${file} names no fabric on networks that a rollup could be added to.`,
      "Deploy one with `npx hardhat rollup:deploy`, or name its file with --addresses.",
    );
  }
  const known = addresses.rollups.map((rollup) => rollup.name);
  const configured = parley.rollups.map((rollup) => rollup.name);
  const missing = [name, ...known].filter((each) => !configured.includes(each));
  if (missing.length > 0) {
    throw new ParleyError(
      "rollup/not-configured",
      `The config has no rollup ${missing.join(", ")} under \`parley.rollups\`: it has ${configured.join(", ")}.`,
      "Add it there, with its network; what the addresses file names must stay in the config.",
    );
  }
  return { ...parley, rollups: parley.rollups.filter((rollup) => [name, ...known].includes(rollup.name)) };
}
