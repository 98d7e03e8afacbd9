/** The same epoch on real chains: a fabric of EDR chains, its Gateways, its operators, and one step of its relayer. */
import { dataLength } from "ethers";
import { network } from "hardhat";

import type { OperatorClient, RelayedMember } from "../../src/agents/index.ts";
import { Relayer } from "../../src/agents/index.ts";
import { deployPingPong, serve } from "../../src/testing/exchange.ts";
import { startFabric, type FabricChain } from "../../src/testing/fabric.ts";
import { createAgents, relayedMembers } from "../../src/testing/fabricAgents.ts";
import { genesisDate } from "../../src/testing/eigenlayer.ts";
import { resolveParley } from "../../tasks/config/resolve.ts";
import { toFabricChain } from "../../tasks/simulatedChains.ts";
import { decodeProof, encodeProof, Level } from "../../src/wire/index.ts";
import { IGateway__factory } from "../../types/ethers-contracts/factories/interfaces/IGateway__factory.ts";
import type { EpochCost } from "./epoch.ts";
import { OPERATORS } from "./views.ts";

const GATEWAY = IGateway__factory.createInterface();
const HELD = dataLength(encodeProof({ kind: "held", level: Level.final }));
const FIRST_CHAIN = 900_001;

/** What the transactions of one step hold after every rollup sent every other one a message. */
export async function epochOnChains(count: number): Promise<EpochCost & { readonly delivered: number }> {
  const parley = resolveParley({ operators: OPERATORS });
  const now = new Date();
  const connections = [
    await network.create({ network: parley.settlement.network, override: { initialDate: genesisDate(now) } }),
  ];
  const [rollup] = parley.rollups.slice(-1);
  if (rollup === undefined) throw new Error("the default has rollups");
  const l1 = await toFabricChain("l1", parley.settlement, connections[0] as (typeof connections)[0]);
  const chains: FabricChain[] = [];
  for (let place = 0; place < count; place++) {
    const override = { initialDate: now, chainId: FIRST_CHAIN + place };
    const connection = await network.create({ network: rollup.network, override });
    connections.push(connection);
    chains.push(await toFabricChain(`rollup-${place + 1}`, rollup, connection));
  }
  try {
    const fabric = await startFabric({ l1, rollups: chains, operators: OPERATORS, quorumBps: parley.quorum });
    const rollups = fabric.members.slice(1);
    const players = await deployPingPong(rollups);
    for (const from of players) for (const to of players) if (from !== to) await serve(from, to);
    await fabric.finalize();

    let signatures = 0;
    const operators = createAgents(fabric).operators.map((operator): OperatorClient => ({
      address: operator.address,
      certify: async (checkpoints) => {
        const answer = await operator.certify(checkpoints);
        if (answer.signature !== undefined) signatures++;
        return answer;
      },
    }));
    const [settlement] = fabric.members;
    const relayer = new Relayer({
      settlement: {
        ...fabric.contracts,
        chainId: settlement.chainId,
        signer: settlement.signer,
        startBlock: fabric.startBlock,
      },
      members: relayedMembers(fabric),
      operators,
    });
    const heights = await Promise.all(relayedMembers(fabric).map(({ provider }) => provider.getBlockNumber()));
    const { delivered } = await relayer.step();
    const sizes: number[] = [];
    for (const [place, member] of relayedMembers(fabric).slice(1).entries()) {
      sizes.push(...(await proofSizes(member, heights[place + 1] ?? 0)));
    }
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    return { signatures, transactions: sizes.length, bytes, delivered: delivered.length };
  } finally {
    await Promise.all(connections.map((connection) => connection.close()));
  }
}

/** Bytes for each certificate in transactions to the Gateway after this block. */
async function proofSizes({ provider, gateway }: RelayedMember, after: number): Promise<number[]> {
  const sizes: number[] = [];
  for (let number = after + 1; number <= (await provider.getBlockNumber()); number++) {
    const block = await provider.getBlock(number, true);
    for (const { to, data } of block?.prefetchedTransactions ?? []) {
      const call = to === gateway ? GATEWAY.parseTransaction({ data }) : null;
      if (call?.name === "advance") sizes.push(dataLength(data));
      if (call?.name !== "deliver") continue;
      const proof = String(call.args["proof"]);
      if (decodeProof(proof).kind === "certificate") sizes.push(dataLength(proof) - HELD);
    }
  }
  return sizes;
}
