import path from "node:path";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { TaskArguments } from "hardhat/types/tasks";

import type { KnownMember } from "../src/agents/operating/ownNodes.ts";
import { NO_SOURCES } from "../src/agents/operating/operatorSettings.ts";
import type { ConnectedFabric, ConnectedMember } from "../src/deployments/connect.ts";
import { ParleyError } from "../src/errors.ts";
import type { Hex } from "../src/wire/index.ts";
import { readPassword } from "./password.ts";
import { runService } from "./serviceCommand.ts";

export default async function operatorRun(args: TaskArguments, hre: HardhatRuntimeEnvironment): Promise<void> {
  await runService(hre, "operator", args, async ({ fabric, settings, log, signal }) => {
    const { openOperatorProcess } = await import("../src/agents/operating/operatorProcess.ts");
    const { readKeystore } = await import("../src/operators/index.ts");
    const inProject = (file: string): string => path.resolve(hre.config.paths.root, file);
    const { settlement } = fabric.addresses;
    const password = await readPassword(hre, settings.passwordFile, "known");
    const { fastSources } = settings;
    await openOperatorProcess({
      key: await readKeystore(inProject(settings.key), password),
      settings: { ...settings, store: inProject(settings.store) },
      members: await Promise.all(fabric.members.map((member) => knownMember(member, fabric, hre))),
      fastSources: fastSources === undefined ? undefined : idsOf(fastSources, fabric.members),
      domain: { settlementChainId: BigInt(settlement.chainId), serviceManager: settlement.contracts.serviceManager },
      startBlock: settlement.startBlock,
      isDevelopment: fabric.addresses.chains === "devnet",
      account: async () => await fabric.members[0].signer(settings.account),
      log,
      signal,
    });
  });
}

/** A member, and the node that the addresses file or the config knows. */
async function knownMember(
  { name, id, chainId, gateway, confirmations, startBlock }: ConnectedMember,
  { addresses }: ConnectedFabric,
  { config }: HardhatRuntimeEnvironment,
): Promise<KnownMember> {
  const member = { name, id, chainId, gateway, confirmations, startBlock };
  if (addresses.chains === "devnet") {
    const url = addresses.devnet.urls[name];
    return { ...member, urls: url === undefined ? [] : [url] };
  }
  const { network } = [addresses.settlement, ...addresses.rollups].find((chain) => chain.memberId === id) ?? {};
  const settings = network === undefined ? undefined : config.networks[network];
  return { ...member, urls: settings?.type === "http" ? [await settings.url.getUrl()] : [] };
}

/** The ids of members by their names. Throws `member/unknown`. */
function idsOf(names: readonly string[], members: readonly ConnectedMember[]): Hex[] {
  if (names.length === 1 && names[0] === NO_SOURCES) return [];
  return names.map((name) => {
    const member = members.find((each) => each.name === name);
    if (member !== undefined) return member.id;
    const known = members.map((each) => each.name).join(", ");
    throw new ParleyError(
      "member/unknown",
      `The setting fastSources names "${name}", which is none of the fabric's members.`,
      `Name some of them: ${known}; or "${NO_SOURCES}".`,
    );
  });
}
