/** Hands for tests of the slow path over the mixed fabric: processes of message:settle, and what stacks, time and faults do meanwhile. */
import { expect } from "chai";

import type { DeploymentPlan } from "../../deploy/plan.ts";
import type { ConnectedFabric } from "../../src/deployments/connect.ts";
import { ParleyError } from "../../src/errors.ts";
import { sendCall } from "../../src/settling/sendCall.ts";
import { bridgeOf, type NextOfJourney, type StackBridge } from "../../src/stacks/index.ts";
import { IRollupBridge__factory } from "../../types/ethers-contracts/factories/interfaces/IRollupBridge__factory.ts";
import { settleMessage, type Settling } from "../../src/settling/index.ts";
import { type PingPong, serve } from "../../src/testing/exchange.ts";
import type { Fabric, FabricMember } from "../../src/testing/fabric.ts";
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

/** What tests do in a world. */
export interface Hands {
  readonly defects: Defects;
  readonly connect: () => Promise<ConnectedFabric>;
  readonly run: (message: Hex) => Promise<{ sent: string[]; settling: Settling | undefined }>;
  readonly carry: () => Promise<void>;
  readonly passUntil: (until: bigint) => Promise<void>;
  readonly drive: (message: Hex) => Promise<string[]>;
  readonly bridge: (name: string) => Promise<StackBridge>;
  readonly memberOf: (name: string) => FabricMember;
  readonly settle: (name: string) => Promise<() => Promise<NextOfJourney | undefined>>;
  readonly send: (next: NextOfJourney | undefined) => Promise<void>;
  readonly titleOf: (next: NextOfJourney | undefined) => string | undefined;
  readonly expectRefused: (action: Promise<unknown>, code: string, text: string) => Promise<void>;
  readonly breakContract: (member: FabricMember, address: string) => Promise<() => Promise<unknown>>;
  readonly mineOn: (name: string) => Promise<unknown>;
}

/** Hands on a world, which is looked up at each use. */
export function handsOn(getWorld: () => MixedWorld): Hands {
  const defects: Defects = new Map();

  const connect = (): Promise<ConnectedFabric> =>
    connectMixed(getWorld().chains, getWorld().plan, getWorld().fabric, defects);

  /** One process of message:settle, killed before its second transaction. Answers where it stands, and what was sent. */
  async function run(message: Hex): Promise<{ sent: string[]; settling: Settling | undefined }> {
    const fabric = await connect();
    const sent: string[] = [];
    const onStep = (text: string): void => {
      if (sent.length === 1) throw new Killed();
      sent.push(/: (.*)$/.exec(text)?.[1] ?? "deliver");
    };
    try {
      const settling = await settleMessage(fabric, message, { abis: [], dryRun: false, waitMs: 0, onStep });
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
    const { optimism, arbitrum, zksync, l3 } = getWorld().chains.pairs;
    await getWorld()
      .fabric.members.find(({ name }) => name === "optimism")!
      .provider.request({ method: "hardhat_mine" });
    await optimism.propose();
    await arbitrum.confirm();
    await l3.confirm();
    await zksync.executeBatch();
    for (const pair of [optimism, arbitrum, zksync, l3]) await pair.down();
  }

  async function passUntil(until: bigint): Promise<void> {
    const { provider } = getWorld().fabric.members[0];
    const { timestamp } = (await provider.request({ method: "eth_getBlockByNumber", params: ["latest", false] })) as {
      timestamp: string;
    };
    if (BigInt(timestamp) >= until) return;
    await provider.request({ method: "evm_increaseTime", params: [Number(until - BigInt(timestamp))] });
    await provider.request({ method: "hardhat_mine", params: ["0x1"] });
  }

  /** Runs it until the message is delivered, and lets stacks and time do their part meanwhile. Answers what was sent, and what it waited for. */
  async function drive(message: Hex): Promise<string[]> {
    const steps: string[] = [];
    for (;;) {
      const { sent, settling } = await run(message);
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

  /** A member's bridge, as a process that has just begun sees it. */
  async function bridge(name: string): Promise<StackBridge> {
    const fabric = await connect();
    return bridgeOf(
      fabric,
      fabric.members.find((member) => member.name === name)!,
    );
  }

  const memberOf = (name: string): FabricMember => getWorld().fabric.members.find((member) => member.name === name)!;

  /** Settles a member's lane to L1, which needs no more bridge; answers what looks after it from then on. */
  async function settle(name: string): Promise<() => Promise<NextOfJourney | undefined>> {
    const { provider, signer, contracts } = memberOf(name);
    const table = getWorld().tables.find(({ member }) => member.name === name)!;
    await serve(
      table,
      getWorld().tables.find(({ member }) => member.name === "l1")!,
    );
    const from = Number(await provider.request({ method: "eth_blockNumber" }));
    const end = IRollupBridge__factory.connect(contracts.bridge, signer);
    await (await end.settleCurrent(getWorld().fabric.members[0].id)).wait();
    return async () => (await (await bridge(name)).upward(undefined, from))[0]?.next;
  }

  async function send(next: NextOfJourney | undefined): Promise<void> {
    if (next?.kind !== "due") throw new Error(`Nothing is to be sent: ${next?.for}.`);
    await sendCall(next.call, { signer: await next.call.at.signer() });
  }

  const titleOf = (next: NextOfJourney | undefined): string | undefined =>
    next?.kind === "due" ? next.call.title : next?.for;

  async function expectRefused(action: Promise<unknown>, code: string, text: string): Promise<void> {
    const error: unknown = await action.then(() => undefined).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(ParleyError).with.property("code", code);
    expect(`${(error as ParleyError).message} ${(error as ParleyError).hint}`).to.contain(text);
  }

  /** Takes a contract's code away; answers how to put it back. */
  async function breakContract({ provider }: FabricMember, address: string): Promise<() => Promise<unknown>> {
    const code = await provider.request({ method: "eth_getCode", params: [address, "latest"] });
    await provider.request({ method: "hardhat_setCode", params: [address, "0xfe"] });
    return () => provider.request({ method: "hardhat_setCode", params: [address, code] });
  }

  const mineOn = (name: string): Promise<unknown> => memberOf(name).provider.request({ method: "hardhat_mine" });

  return {
    ...{ defects, connect, run, carry, passUntil, drive, bridge, memberOf, settle, send, titleOf, expectRefused },
    ...{ breakContract, mineOn },
  };
}
