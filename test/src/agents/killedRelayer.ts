/**
 * A relayer that finds everything by the addresses file, in this process or in one of its own that ends itself without warning at
 * a step. Does nothing unless it is started for that: test runners load every file.
 */
import { openSenders } from "../../../src/agents/relaying/openSenders.ts";
import type { OnRelayerStep, RelayerStep } from "../../../src/agents/relaying/steps.ts";
import { SharedRelayer } from "../../../src/agents/sharedRelayer.ts";
import { payingMembers, settlementAccess } from "../../../src/deployments/access.ts";
import { readAddresses } from "../../../src/deployments/addressesFile.ts";
import { connectFabric } from "../../../src/deployments/connect.ts";
import { openDatabase, type Database } from "../../../src/store/index.ts";
import type { SettlementRef } from "../../../src/wire/index.ts";

export const RELAY_AND_DIE = "relay-and-die";

/** What such a process does, and where it ends. */
export type Order = {
  /** The addresses file. */
  readonly file: string;
  /** Of its database. */
  readonly directory: string;
  readonly account: string;
  readonly fatal: RelayerStep;
  /** At which time that it gets to the step. */
  readonly time: number;
};

/** What such a process says: that its transactions find no block, or that it finds nothing to do and asks whether to go on. */
export type Word = "no-block" | "idle";

/** Whom a relayer tells what. */
export type Listener = {
  readonly onStep: OnRelayerStep;
  /** A step delivered nothing; whether there is to be another. */
  readonly onIdle: (database: Database) => Promise<boolean>;
};

/** Milliseconds between looks, after which a transaction without a block is replaced; seconds of a lease. */
const QUICK = { lookEvery: 20, replaceAfter: 300, leaseSeconds: 2 };

/** Relays until it is told that there is no more to come. */
export async function relay(
  { file, account }: Pick<Order, "file" | "account">,
  open: (fabric: SettlementRef) => Promise<Database>,
  { onStep, onIdle }: Listener,
): Promise<void> {
  const addresses = await readAddresses(file);
  if (addresses === undefined) throw new Error("there are no addresses");
  const fabric = await connectFabric(addresses, () => {
    throw new Error("its chains are a devnet's");
  });
  const settlement = await settlementAccess(fabric, { account });
  const members = await payingMembers(fabric, { account });
  const database = await open(settlement);
  const { lookEvery, replaceAfter, leaseSeconds } = QUICK;
  const senders = await openSenders({ settlement, members }, { database, onStep, lookEvery, replaceAfter });
  try {
    const relayer = new SharedRelayer({
      ...senders.paying,
      operators: fabric.operators,
      database,
      name: `relayer ${process.pid} ${performance.now()}`,
      leaseSeconds,
      onStep,
    });
    for (let isOn = true; isOn;) isOn = (await relayer.step()).delivered.length > 0 || (await onIdle(database));
  } finally {
    senders.close();
    await database.close();
    await fabric.close();
  }
}

async function relayAndDie(order: Order): Promise<void> {
  let times = 0;
  const onStep = async (step: RelayerStep): Promise<void> => {
    if (step === order.fatal && ++times === order.time) process.kill(process.pid, "SIGKILL");
    if (step === "sender:replacing") await say("no-block");
  };
  const onIdle = async (): Promise<boolean> => {
    const answer = new Promise<boolean>((resolve) => process.once("message", (isOn) => resolve(isOn as boolean)));
    await say("idle");
    return await answer;
  };
  await relay(order, (fabric) => openDatabase({ directory: order.directory }, fabric), { onStep, onIdle });
  process.exit();
}

const say = (word: Word): Promise<void> =>
  new Promise((resolve) => process.send?.(word, undefined, undefined, () => resolve()));

if (process.argv[2] === RELAY_AND_DIE) {
  process.once("message", (order) => void relayAndDie(order as Order));
  process.on("disconnect", () => process.exit());
}
