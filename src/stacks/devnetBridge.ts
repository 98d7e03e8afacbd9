import { Contract, toBeHex } from "ethers";

import { contractAt } from "../chain/contractAt.ts";
import { IL1Bridge__factory } from "../../types/ethers-contracts/factories/interfaces/IL1Bridge__factory.ts";
import { readLogs } from "../chain/readLogs.ts";
import type { ConnectedMember } from "../deployments/connect.ts";
import { END } from "../testing/derivation.ts";
import type { Hex } from "../wire/index.ts";
import { PUBLISH_GAS } from "./publishGas.ts";
import { STACK_TIMES } from "./stackTimes.ts";
import type { Journey, NextOfJourney, StackBridge } from "./stackBridge.ts";

/** One end of a bridge. */
interface End {
  readonly member: ConnectedMember;
  readonly address: string;
}

/** The stand-in for a rollup's own bridge, between development nodes (contracts/bridges/devnet). */
export function devnetBridge(l1: End, rollup: End): StackBridge {
  return {
    stack: "devnet",
    times: STACK_TIMES.devnet,
    address: rollup.address,
    publishGas: PUBLISH_GAS.devnet,
    upward: () => readWaiting(rollup, l1),
    sentUp: async () => (await readWaiting(rollup, l1)).flatMap(({ items }) => items),
    downward: () => readWaiting(l1, rollup),
    price: async (items) => {
      const end = contractAt(IL1Bridge__factory, l1.address, l1.member.provider);
      return { value: await end.quote([...items], "0x"), stackParams: "0x" };
    },
  };
}

/** What one end sent and the other has not received. */
async function readWaiting(from: End, to: End): Promise<Journey[]> {
  const [sent, received] = await Promise.all([readCount(from, "sent"), readCount(to, "received")]);
  if (received >= sent) return [];
  const indices = Array.from({ length: Number(sent - received) }, (_, place) => toBeHex(received + BigInt(place), 32));
  const topic = END.getEvent("ItemsSent")?.topicHash;
  if (topic === undefined) throw new Error("a devnet bridge has the event ItemsSent");
  const { provider, startBlock } = from.member;
  const logs = await readLogs(
    { provider, gateway: from.address },
    [topic, indices],
    startBlock,
    await provider.getBlockNumber(),
  );
  const next: NextOfJourney = {
    kind: "waits",
    for: `what carries it from ${from.member.name} to ${to.member.name}: on a devnet its own process does`,
    until: undefined,
  };
  return logs.map((log) => ({
    items: [...(END.decodeEventLog("ItemsSent", log.data, log.topics)["items"] as readonly Hex[])],
    txHash: log.transactionHash,
    next,
  }));
}

const readCount = async ({ member, address }: End, name: "sent" | "received"): Promise<bigint> =>
  BigInt(String(await new Contract(address, END, member.provider).getFunction(name).staticCall()));
