/** A fabric of simulated chains, and messages that wait on every lane between its rollups. */
import { Wallet, id } from "ethers";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";

import { Operator, MemorySigningStore, type OperatorClient, type RelayedMember } from "../../src/agents/index.ts";
import { readerOf } from "../../src/chain/readerOf.ts";
import { genesisDate } from "../../src/testing/eigenlayer.ts";
import { relayedMembers } from "../../src/testing/fabricAgents.ts";
import { startFabric, type Fabric, type FabricChain } from "../../src/testing/fabric.ts";
import { encodeInteroperableAddress } from "../../src/wire/index.ts";
import { Answerer__factory } from "../../types/ethers-contracts/factories/test/recipients/Answerer__factory.ts";
import { Correspondent__factory } from "../../types/ethers-contracts/factories/test/Correspondent__factory.ts";

/** What a backlog is made of. */
export type BacklogPlan = {
  readonly rollups: number;
  /** In all, spread over the lanes between rollups. */
  readonly messages: number;
  readonly operators: number;
};

/** A fabric with messages that wait. */
export type Backlog = {
  readonly fabric: Fabric;
  /** Rollups and L1, each with an account that the node does not know. */
  readonly members: readonly RelayedMember[];
  readonly messages: number;
  /** Brings all chains back to when everything waited. */
  restore(): Promise<void>;
  close(): Promise<void>;
};

const FIRST_CHAIN_ID = 910_000;
const SENDS_AT_ONCE = 250;
const RELAYER = new Wallet(id("parley bench relayer"));
/** What an Answerer is told to answer: the selector that accepts, in a word. */
const PAYLOAD = `0x00${"2432ef26".padEnd(64, "0")}`;

/** Starts the chains, deploys the fabric, and sends the messages. */
export async function makeBacklog(plan: BacklogPlan): Promise<Backlog> {
  const now = new Date();
  const connections: NetworkConnection[] = [];
  const open = async (name: string, networkName: string, chainId: number, initialDate: Date): Promise<FabricChain> => {
    const connection = await network.create({ network: networkName, override: { chainId, initialDate } });
    connections.push(connection);
    const [signer] = await connection.ethers.getSigners();
    if (signer === undefined) throw new Error(`${name} has no account`);
    return {
      name,
      network: networkName,
      chainId: BigInt(chainId),
      confirmations: 0,
      provider: connection.provider,
      signer,
    };
  };
  const l1 = await open("l1", "parleyL1", FIRST_CHAIN_ID, genesisDate(now));
  const rollups: FabricChain[] = [];
  for (let n = 1; n <= plan.rollups; ++n)
    rollups.push(await open(`rollup-${n}`, "parleyBeta", FIRST_CHAIN_ID + n, now));
  const fabric = await startFabric({ l1, rollups, operators: plan.operators, quorumBps: 6_667 });
  const messages = await sendAll(fabric, plan.messages);
  const members: RelayedMember[] = [];
  for (const member of relayedMembers(fabric)) {
    const chain = fabric.members.find(({ id }) => id === member.id);
    await chain?.provider.request({
      method: "hardhat_setBalance",
      params: [RELAYER.address, `0x${(10n ** 24n).toString(16)}`],
    });
    members.push({ ...member, signer: RELAYER.connect(readerOf(member.signer)) });
  }
  const snapshots = new Map<FabricChain, unknown>();
  const save = async (): Promise<void> => {
    for (const chain of fabric.members) {
      snapshots.set(chain, await chain.provider.request({ method: "evm_snapshot", params: [] }));
    }
  };
  await save();
  return {
    ...{ fabric, members, messages },
    restore: async () => {
      for (const [chain, snapshot] of snapshots)
        await chain.provider.request({ method: "evm_revert", params: [snapshot] });
      await save();
    },
    close: async () => {
      await Promise.all(connections.map((connection) => connection.close()));
    },
  };
}

async function sendAll(fabric: Fabric, total: number): Promise<number> {
  const [, ...rollups] = fabric.members;
  const perLane = Math.ceil(total / (rollups.length * (rollups.length - 1)));
  const recipients = new Map<string, string>();
  for (const { name, signer } of rollups) {
    const recipient = await new Answerer__factory(signer).deploy();
    await recipient.waitForDeployment();
    recipients.set(name, await recipient.getAddress());
  }
  let sent = 0;
  for (const from of rollups) {
    const correspondent = await new Correspondent__factory(from.signer).deploy();
    await correspondent.waitForDeployment();
    for (const to of rollups) {
      if (to === from) continue;
      const recipient = encodeInteroperableAddress({ chainId: to.chainId, address: recipients.get(to.name) ?? "0x" });
      for (let left = perLane; left > 0; left -= SENDS_AT_ONCE) {
        const times = Math.min(left, SENDS_AT_ONCE);
        await (await correspondent.send(from.ref.gateway, recipient, PAYLOAD, times)).wait();
        sent += times;
      }
    }
  }
  return sent;
}

/** The fabric's operators, each with a view of its own. */
export const operatorsOf = ({ fabric, members }: Pick<Backlog, "fabric" | "members">): OperatorClient[] =>
  fabric.operators.map(
    ({ key }) =>
      new Operator({
        nodes: members,
        domain: {
          settlementChainId: fabric.members[0].chainId,
          serviceManager: fabric.contracts.serviceManager,
        },
        key,
        store: new MemorySigningStore(),
      }),
  );
