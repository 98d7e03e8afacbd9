/**
 * A devnet's relayer, in a process of its own, as relayers are: it knows the chains and operators by the addresses file alone, and
 * can be killed at any time. It ends when the process that started it does.
 */
import { Heartbeats } from "../agents/heartbeats.ts";
import { run } from "../agents/loop.ts";
import { Relayer } from "../agents/relayer.ts";
import type { StepReport } from "../agents/relaying/types.ts";
import { readAddresses } from "../deployments/addressesFile.ts";
import { connectFabric } from "../deployments/connect.ts";
import { ParleyError } from "../errors.ts";
import { beating } from "../stacks/beating.ts";
import { relayerAccount } from "./relayerAccount.ts";
import { type News, OrderSchema } from "./relayerMessages.ts";

/** Milliseconds between steps. */
const INTERVAL = 200;
const HEARTBEAT_INTERVAL = 60_000;

function tell(news: News): void {
  if (process.connected) process.send?.(news);
}

async function relay(addressesFile: string): Promise<void> {
  const addresses = await readAddresses(addressesFile);
  if (addresses === undefined) {
    throw new ParleyError("relayer/no-addresses", `There is no ${addressesFile}.`, "Start the devnet again.");
  }
  const fabric = await connectFabric(addresses, (network) => {
    throw new ParleyError("relayer/no-devnet", `${network} is no chain of a devnet.`, "Start the devnet again.");
  });
  const { members, operators } = fabric;
  const [l1] = members;
  const { chainId, startBlock, contracts } = addresses.settlement;
  const paying = members.map((member) => ({ ...member, signer: relayerAccount(member.provider) }));
  const settlement = {
    chainId: BigInt(chainId),
    settlement: contracts.settlement,
    serviceManager: contracts.serviceManager,
    signer: relayerAccount(l1.provider),
    startBlock,
  };
  const relayer = new Relayer({ settlement, members: paying, operators });
  const heartbeats = new Heartbeats({
    settlement,
    members: members.map((member) => beating(fabric, member, relayerAccount(member.provider))),
  });
  void run(() => heartbeats.step(), { intervalMs: HEARTBEAT_INTERVAL, signal: new AbortController().signal });
  let before = "";
  let isRunning = false;
  await run(() => relayer.step(), {
    intervalMs: INTERVAL,
    signal: new AbortController().signal, // for ever: see the end of this file
    onReport: (report) => {
      if (!isRunning) tell({ type: "running" });
      isRunning = true;
      const problems = problemsOf(report);
      if (problems.join() !== before) tell({ type: "problems", problems });
      before = problems.join();
    },
  });
}

/** What stands in the way, each thing once. A recipient that fails does not: the chains tell of that. */
function problemsOf({ problems, uncertified }: StepReport): string[] {
  const texts = [
    ...problems.map(({ subject, reason }) => `${subject}: ${reason}`),
    ...uncertified.map(
      ({ source, destination, weight, totalWeight, answers }) =>
        `${source} → ${destination}: operators with ${weight} of ${totalWeight} sign; ` +
        answers.map(({ operator, refusal }) => `${operator}: ${refusal.reason}`).join("; "),
    ),
  ];
  return [...new Set(texts)].sort();
}

process.on("disconnect", () => process.exit());
process.on("SIGINT", () => undefined); // a terminal sends it to the whole group: who started this process ends it
process.once("message", (message) => void relay(OrderSchema.parse(message).addressesFile));
tell({ type: "loaded" });
