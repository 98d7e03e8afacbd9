/** message:settle over real stacks' bridges, with nobody to help: tests that share the mixed fabric (mixedFabric.test.ts). */
import { expect } from "chai";

import type { DeploymentPlan } from "../../deploy/plan.ts";
import type { ConnectedFabric } from "../../src/deployments/connect.ts";
import { settleMessage, type Settling } from "../../src/settling/index.ts";
import { type PingPong, serve } from "../../src/testing/exchange.ts";
import type { Fabric } from "../../src/testing/fabric.ts";
import type { Hex } from "../../src/wire/index.ts";
import { connectMixed, type Defects } from "../support/stacks/connectMixed.ts";
import type { MixedChains } from "../support/stacks/mixedFabric.ts";

/** What the tests share. */
export interface MixedWorld {
  readonly chains: MixedChains;
  readonly plan: DeploymentPlan;
  readonly fabric: Fabric;
  readonly tables: readonly PingPong[];
}

class Killed extends Error {}

const WAITS = ["a proposal that covers it", "to mature", "to be confirmed", "executed on L1", "the bridge from"];

const WITHDRAWAL = [
  "a proposal that covers it",
  "prove the withdrawal from optimism at its portal",
  "to mature",
  "resolve the claim of the proposal that it was proven against (resolveClaim)",
  "end the game over the proposal that it was proven against (resolve)",
  "to mature",
  "finalize the withdrawal from optimism at its portal",
];
const sendOf = (name: string): string[] => ["to be confirmed", `execute from the Outbox what ${name} sent`];

/** What is sent and waited for between a member's bridge and Settlement. */
const WAYS_UP: Readonly<Record<string, readonly string[]>> = {
  optimism: WITHDRAWAL,
  arbitrum: sendOf("arbitrum"),
  zksync: ["executed on L1", "have L1's end take what zksync sent (takeMessage)"],
  l3: [...sendOf("l3"), ...WITHDRAWAL],
};

/** And between Settlement and a member's Gateway. */
const WAYS_DOWN: Readonly<Record<string, readonly string[]>> = {
  optimism: ["the bridge from"],
  arbitrum: ["the bridge from"],
  zksync: ["the bridge from"],
  l3: ["the bridge from", "push it on to l3 from the hop", "the bridge from"],
};

export function settlesByItself(getWorld: () => Promise<MixedWorld>): void {
  const defects: Defects = new Map();
  let world: MixedWorld;

  beforeEach(async () => {
    world = await getWorld();
    defects.clear();
  });

  const connect = (): Promise<ConnectedFabric> => connectMixed(world.chains, world.plan, world.fabric, defects);

  /** One process of message:settle, killed before its second transaction. Answers where it stands, and what was sent. */
  async function run(id: Hex): Promise<{ sent: string[]; settling: Settling | undefined }> {
    const fabric = await connect();
    const sent: string[] = [];
    const onStep = (text: string): void => {
      if (sent.length === 1) throw new Killed();
      sent.push(/: (.*)$/.exec(text)?.[1] ?? "deliver");
    };
    try {
      const settling = await settleMessage(fabric, id, { abis: [], dryRun: false, waitMs: 0, onStep });
      return { sent, settling };
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      return { sent, settling: undefined };
    } finally {
      await fabric.close();
    }
  }

  /** What stacks do by themselves: propose, assert, prove, and bring down what the parent queued. */
  async function carry(): Promise<void> {
    const { optimism, arbitrum, zksync, l3 } = world.chains.pairs;
    await world.fabric.members.find(({ name }) => name === "optimism")!.provider.request({ method: "hardhat_mine" });
    await optimism.propose();
    await arbitrum.confirm();
    await l3.confirm();
    await zksync.executeBatch();
    for (const pair of [optimism, arbitrum, zksync, l3]) await pair.down();
  }

  async function passUntil(until: bigint): Promise<void> {
    const { provider } = world.fabric.members[0];
    const { timestamp } = (await provider.request({ method: "eth_getBlockByNumber", params: ["latest", false] })) as {
      timestamp: string;
    };
    if (BigInt(timestamp) >= until) return;
    await provider.request({ method: "evm_increaseTime", params: [Number(until - BigInt(timestamp))] });
    await provider.request({ method: "hardhat_mine", params: ["0x1"] });
  }

  /** Runs it until the message is delivered, and lets stacks and time do their part meanwhile. Answers what was sent, and what it waited for. */
  async function drive(id: Hex): Promise<string[]> {
    const steps: string[] = [];
    for (;;) {
      const { sent, settling } = await run(id);
      steps.push(...sent);
      expect(steps.length, steps.join("\n")).to.be.below(20);
      if (settling === undefined || sent.length > 0) continue;
      const { state } = settling;
      if (state.stage === "delivered") return steps;
      if ((state.stage !== "rising" && state.stage !== "descending") || state.next.kind !== "waits") {
        throw new Error(`It is stuck: ${state.stage}.`);
      }
      const { for: what, until } = state.next;
      steps.push(WAITS.find((known) => what.includes(known)) ?? what);
      await carry();
      if (state.stage === "rising" && until !== undefined) await passUntil(until);
    }
  }

  it("invariant 9: drives a message of each stack from sent to delivered, killed before each transaction", async () => {
    const rollups = world.tables.filter(({ member }) => member.stack !== undefined);
    const lanes = rollups.map((from, index) => ({ from, to: rollups[(index + 1) % rollups.length]! }));
    for (const { from, to } of lanes) {
      const { id } = await serve(from, to);
      const [way, back] = [WAYS_UP[from.member.name]!, WAYS_DOWN[to.member.name]!];
      expect(await drive(id), `${from.member.name} → ${to.member.name}`).to.deep.equal([
        `settle the lane to ${to.member.name} as it is now (at 3)`,
        ...way,
        `send the settled word (at 3) to ${to.member.name}`,
        ...back,
        "deliver",
      ]);
      expect(await to.contract.getFunction("received").staticCall()).to.equal(6n);
    }
  });
}
