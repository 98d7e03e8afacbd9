/** A relayer in a process of its own, that may be killed at any time. */
import { readFile } from "node:fs/promises";

import { id, Wallet } from "ethers";

import { HttpOperator, Relayer, run } from "../../src/agents/index.ts";
import { openUrl } from "../../src/deployments/connect.ts";
import { RelayerOrder } from "./relayerOrder.ts";

const INTERVAL = 100;

const [, , file = "", name = ""] = process.argv;
const order = RelayerOrder.parse(JSON.parse(await readFile(file, "utf8")));
const members = order.members.map(({ url, chainId, ...member }) => {
  const { provider } = openUrl(url, chainId);
  return { ...member, chainId: BigInt(chainId), provider, signer: new Wallet(id(name), provider) };
});
const [l1] = members;
if (l1 === undefined) throw new Error("L1 is the first member");
const { settlement, serviceManager, startBlock, settlementChainId } = order;
const relayer = new Relayer({
  settlement: { chainId: BigInt(settlementChainId), settlement, serviceManager, startBlock, signer: l1.signer },
  members,
  operators: order.operators.map((operator) => new HttpOperator(operator)),
});
process.on("disconnect", () => process.exit());
await run(() => relayer.step(), {
  intervalMs: INTERVAL,
  signal: new AbortController().signal, // until it is killed
  onReport: ({ problems }) => process.send?.({ problems: problems.map(({ subject, code }) => `${subject}: ${code}`) }),
});
