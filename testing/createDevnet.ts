import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { Interface } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { ParleyError } from "../src/errors.ts";
import type { ConnectedFabric, ConnectedMember } from "../src/deployments/connect.ts";
import { addressOf, fund } from "../src/testing/cheats.ts";
import { deploymentOf } from "../src/testing/deploymentOf.ts";
import { type Fabric, startFabric } from "../src/testing/fabric.ts";
import { Devnet } from "./devnet.ts";
import { DevnetAgents } from "./devnetAgents.ts";
import { DevnetMember } from "./devnetMember.ts";
import { type DevnetOptions, namesOf, within } from "./devnetOptions.ts";
import { MessageBook } from "./messageBook.ts";
import type { RollupNames, RollupsOption } from "./names.ts";
import type { OpenedChain, OpenedChains } from "./openChains.ts";
import { passTime } from "./passTime.ts";

/** Relaying is paid from an account of its own: balances and nonces of the test's accounts are the test's. */
const RELAYER = addressOf("parley.testing.relayer");
const BALANCE = 10n ** 24n;

/**
 * Starts a devnet in this process: L1 with operators on EigenLayer's stand-in, rollups, Settlement, a Gateway on each chain, and a
 * relayer that works when it is told to. Takes half a second; the first one of a process waits for Hardhat to read what the project
 * has built. The contracts are the real ones, signatures too.
 *
 *     const devnet = await createDevnet({ rollups: 2, operators: 8 });
 *     const { alpha, beta } = devnet.rollups;
 *
 * @param hre The Hardhat runtime; the one of the process if left out.
 * Throws `devnet/bad-option`, `devnet/stack-not-simulated`, `devnet/no-hardhat`, `devnet/no-plugin`, `devnet/not-simulated`.
 */
export async function createDevnet<const Rollups extends RollupsOption = 2>(
  options: DevnetOptions<Rollups> = {},
  hre?: HardhatRuntimeEnvironment,
): Promise<Devnet<RollupNames<Rollups>>> {
  const names = namesOf(options);
  const confirmations = within("confirmations", options.confirmations ?? 0, 0, 1_000);
  const runtime = hre ?? (await runtimeOfProcess());
  // What knows Hardhat is loaded with the first devnet, so that the rest of the kit can be used without it.
  const { openChains, requireParley } = await import("./openChains.ts");
  const { readProjectErrors } = await import("../tasks/projectErrors.ts");
  requireParley(runtime, names.length);
  const { parley } = runtime.config;
  const operators = within("operators", options.operators ?? parley.operators, 4, 256);
  const quorumBps = within("quorum", options.quorum ?? parley.quorum, 6_667, 9_000);
  const opened = await openChains(runtime, { names, confirmations });
  try {
    const [fabric, projectErrors] = await Promise.all([
      startFabric({
        l1: opened.l1.chain,
        rollups: opened.rollups.map(({ chain }) => chain),
        operators,
        quorumBps,
        keyType: options.keyType ?? parley.keyType,
      }),
      readProjectErrors(runtime.artifacts),
    ]);
    const abis = [projectErrors, ...(options.abis ?? []).map((abi) => Interface.from(abi).fragments)];
    return await devnetOf<RollupNames<Rollups>>(fabric, opened, abis);
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function runtimeOfProcess(): Promise<HardhatRuntimeEnvironment> {
  try {
    return (await import("hardhat")).default;
  } catch (cause) {
    throw new ParleyError(
      "devnet/no-hardhat",
      `createDevnet needs a Hardhat project: ${cause instanceof Error ? cause.message : String(cause)}`,
      "Run it by `npx hardhat test`, or in a folder that has a hardhat.config.ts.",
      { cause },
    );
  }
}

async function devnetOf<Names extends string>(
  fabric: Fabric,
  { l1, rollups, close }: OpenedChains,
  abis: ConstructorParameters<typeof MessageBook>[0]["abis"],
): Promise<Devnet<Names>> {
  const payers = new Map<string, HardhatEthersSigner>();
  for (const { chain, connection } of [l1, ...rollups]) {
    await fund(chain.provider, RELAYER, BALANCE);
    payers.set(chain.name, await connection.ethers.getImpersonatedSigner(RELAYER));
  }
  await passTime(
    fabric.members.map(({ provider }) => provider),
    0,
  );
  const connected = connect(fabric, [l1, ...rollups], payers);
  const restart = (memory?: ReturnType<DevnetAgents["remember"]>): DevnetAgents =>
    new DevnetAgents({ fabric, connected, payers, abis }, memory);
  let agents = restart();
  const messages = new MessageBook({ connected, abis, operators: () => agents.operators });
  const members: DevnetMember[] = [];
  for (const [place, { connection }] of [l1, ...rollups].entries()) {
    const member = fabric.members[place];
    if (member === undefined) throw new Error("each chain is a member's");
    members.push(new DevnetMember({ member, connection, signers: await connection.ethers.getSigners(), messages }));
  }
  return new Devnet<Names>({
    ...{ fabric, connected, messages, agents, abis, close },
    members: members as [DevnetMember, ...DevnetMember[]],
    restart: (memory) => (agents = restart(memory)),
  });
}

/** The devnet as commands on a running fabric see it. */
function connect(
  fabric: Fabric,
  chains: readonly OpenedChain[],
  payers: ReadonlyMap<string, HardhatEthersSigner>,
): ConnectedFabric {
  const members = fabric.members.map((member, place): ConnectedMember => {
    const { name, id, chainId, contracts, confirmations, startBlock } = member;
    const [chain, payer] = [chains[place], payers.get(name)];
    if (chain === undefined || payer === undefined) throw new Error(`${name} has a chain, on which somebody pays`);
    return {
      ...{ name, id, chainId, confirmations, startBlock },
      at: "the devnet of this process",
      gateway: contracts.gateway,
      provider: chain.connection.ethers.provider,
      signer: () => Promise.resolve(payer),
    };
  });
  return {
    addresses: { version: 1, chains: "networks", ...deploymentOf(fabric) },
    members: members as [ConnectedMember, ...ConnectedMember[]],
    operators: [],
    close: () => Promise.resolve(),
  };
}
