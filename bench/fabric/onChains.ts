/** The same epoch on real chains: a fabric of EDR chains, its Gateways, its operators, and one step of its relayer. */
import { dataLength } from "ethers";
import { network } from "hardhat";
import type { NetworkConfigOverride } from "hardhat/types/config";
import type { NetworkConnection } from "hardhat/types/network";

import { Relayer, type OperatorClient, type RelayedMember } from "../../src/agents/index.ts";
import { deployPingPong, serve } from "../../src/testing/exchange.ts";
import { startFabric, type Fabric, type FabricChain } from "../../src/testing/fabric.ts";
import { createAgents, relayAll, relayedMembers } from "../../src/testing/fabricAgents.ts";
import { genesisDate } from "../../src/testing/eigenlayer.ts";
import { resolveParley } from "../../tasks/config/resolve.ts";
import type { ChainConfig } from "../../tasks/config/types.ts";
import { toFabricChain } from "../../tasks/simulatedChains.ts";
import { branchPoint, reorganise } from "../../src/testing/reorganise.ts";
import { decodeProof, encodeProof, Level, type Hex } from "../../src/wire/index.ts";
import { IGateway__factory } from "../../types/ethers-contracts/factories/interfaces/IGateway__factory.ts";
import type { EpochCost } from "./epoch.ts";

const GATEWAY = IGateway__factory.createInterface();
const HELD = dataLength(encodeProof({ kind: "held", level: Level.final }));
/** Milliseconds for operators: what is measured is not time. */
const TIMEOUT = 600_000;
/** Who sign on chains. */
export const OPERATORS = 8;
const FIRST_CHAIN = 910_001;

/** Lanes on which pairwise certificates are measured; the others cost the same. */
const SAMPLE = 6;

/** What an epoch's transactions took on chains. */
export interface EpochOnChains extends EpochCost {
  readonly delivered: number;
  /** Gas of all transactions to Gateways: proofs and deliveries. */
  readonly gas: number;
  /** Gas of the same deliveries if each proves its word by a certificate of its own. */
  readonly pairwiseGas: number;
}

/** What the transactions of one step hold and take after every rollup sent every other one a message, not the first. */
export async function epochOnChains(count: number): Promise<EpochOnChains> {
  const { fabric, close } = await startRollups(count);
  try {
    const players = await deployPingPong(fabric.members.slice(1));
    const everyoneToEveryone = async (): Promise<Hex[]> => {
      const ids: Hex[] = [];
      for (const from of players) for (const to of players) if (from !== to) ids.push((await serve(from, to)).id);
      await fabric.finalize();
      return ids;
    };
    await everyoneToEveryone();
    await relayAll(fabric, relayerOf(fabric, createAgents(fabric).operators)); // the first words and pages cost more
    const sent = await everyoneToEveryone();

    let signatures = 0;
    const operators = createAgents(fabric).operators.map((operator): OperatorClient => ({
      address: operator.address,
      certify: async (checkpoints) => {
        const answer = await operator.certify(checkpoints);
        if (answer.signature !== undefined) signatures++;
        return answer;
      },
    }));
    const pairwiseGas = await measurePairwise(fabric, operators, sent);
    signatures = 0;
    const members = relayedMembers(fabric).slice(1);
    const heights = await Promise.all(members.map(({ provider }) => provider.getBlockNumber()));
    const { delivered } = await relayerOf(fabric, operators).step();
    const found: Sent[] = [];
    for (const [place, member] of members.entries()) found.push(...(await sentTo(member, heights[place] ?? 0)));
    const proofs = found.flatMap(({ proof }) => (proof === undefined ? [] : [proof]));
    return {
      ...{ signatures, transactions: proofs.length, bytes: sum(proofs), delivered: delivered.length },
      ...{ gas: sum(found.map(({ gas }) => gas)), pairwiseGas },
    };
  } finally {
    await close();
  }
}

/** A fabric of fresh chains with so many rollups, and L1. */
async function startRollups(count: number): Promise<{ fabric: Fabric; close: () => Promise<void> }> {
  const parley = resolveParley({ operators: OPERATORS });
  const rollup = parley.rollups.at(-1);
  if (rollup === undefined) throw new Error("the default has rollups");
  const connections: NetworkConnection[] = [];
  const open = async (name: string, chain: ChainConfig, override: NetworkConfigOverride): Promise<FabricChain> => {
    const connection = await network.create({ network: chain.network, override });
    connections.push(connection);
    return await toFabricChain(name, chain, connection);
  };
  const now = new Date();
  const l1 = await open("l1", parley.settlement, { initialDate: genesisDate(now) });
  const rollups: FabricChain[] = [];
  for (let place = 0; place < count; place++) {
    rollups.push(await open(`rollup-${place + 1}`, rollup, { initialDate: now, chainId: FIRST_CHAIN + place }));
  }
  const fabric = await startFabric({ l1, rollups, operators: OPERATORS, quorumBps: parley.quorum });
  const close = async (): Promise<void> => {
    await Promise.all(connections.map((connection) => connection.close()));
  };
  return { fabric, close };
}

function relayerOf(fabric: Fabric, operators: readonly OperatorClient[], only?: ReadonlySet<Hex>): Relayer {
  const [l1] = fabric.members;
  const { settlement, serviceManager } = fabric.contracts;
  const { chainId, signer } = l1;
  return new Relayer({
    settlement: { chainId, settlement, serviceManager, signer, startBlock: fabric.startBlock },
    members: relayedMembers(fabric),
    operators,
    operatorTimeout: TIMEOUT,
    only,
  });
}

/** Delivers some messages alone, each by a certificate over its lane's word and nothing else, and takes that back. Answers gas for all. */
async function measurePairwise(
  fabric: Fabric,
  operators: readonly OperatorClient[],
  sent: readonly Hex[],
): Promise<number> {
  const points = await Promise.all(fabric.members.map(({ provider }) => branchPoint(provider)));
  const sample = sent.filter((_, place) => place % Math.ceil(sent.length / SAMPLE) === 0);
  const gas: number[] = [];
  for (const id of sample) {
    const { delivered } = await relayerOf(fabric, operators, new Set([id])).step();
    gas.push(...delivered.map(({ gasUsed }) => Number(gasUsed)));
  }
  for (const point of points) await reorganise(point);
  return Math.round((sum(gas) / sample.length) * sent.length);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** A transaction to a Gateway. */
interface Sent {
  readonly gas: number;
  /** Bytes that are there for its certificate; undefined if it has none. */
  readonly proof: number | undefined;
}

/** The transactions to a Gateway after this block. */
async function sentTo({ provider, gateway }: RelayedMember, after: number): Promise<Sent[]> {
  const sent: Sent[] = [];
  for (let number = after + 1; number <= (await provider.getBlockNumber()); number++) {
    const block = await provider.getBlock(number, true);
    for (const { to, data, hash } of block?.prefetchedTransactions ?? []) {
      if (to !== gateway) continue;
      const receipt = await provider.getTransactionReceipt(hash);
      sent.push({ gas: Number(receipt?.gasUsed ?? 0n), proof: proofBytes(data) });
    }
  }
  return sent;
}

function proofBytes(data: Hex): number | undefined {
  const call = GATEWAY.parseTransaction({ data });
  if (call?.name === "advance") return dataLength(data);
  const proof = String(call?.args["proof"]);
  return decodeProof(proof).kind === "certificate" ? dataLength(proof) - HELD : undefined;
}
