/** Makes a development node what Ethereum is: with EigenLayer on it, and so many blocks that EigenLayer can reckon back. */
import { contractAt } from "../../src/chain/contractAt.ts";
import { EIGENLAYER } from "../../src/chain/eigenlayer.ts";
import { mineToRealisticHeight, REALISTIC_HEIGHT } from "../../src/testing/eigenlayer.ts";
import { placeEigenLayer } from "../../src/testing/placeEigenLayer.ts";
import { IStrategyFactory__factory } from "../../types/ethers-contracts/factories/interfaces/eigenlayer/IStrategyFactory__factory.ts";
import type { DevnetStake } from "../addresses.ts";
import { type DeployChain, hasCode, timeOf } from "../chain.ts";
import { doneIf, type Step } from "../step.ts";
import { createStep } from "./create.ts";

const FREE = { sender: "anyone", gas: 0n } as const;

/** EigenLayer's stand-in, where no EigenLayer is; and blocks. */
export function standInSteps(l1: DeployChain): Step[] {
  return [
    {
      ...FREE,
      id: "eigenlayer",
      title: "place EigenLayer's stand-in",
      chain: l1,
      action: { kind: "development", run: () => placeEigenLayer(l1.provider) },
      state: async () => {
        for (const address of Object.values(EIGENLAYER)) if (!(await hasCode(l1, address))) return "due";
        return "done";
      },
    },
    {
      ...FREE,
      id: "height",
      title: "mine to a realistic height",
      chain: l1,
      action: { kind: "development", run: () => mineToRealisticHeight(l1.provider) },
      state: async () => doneIf(BigInt(await l1.reader.getBlockNumber()) >= REALISTIC_HEIGHT),
    },
  ];
}

/** Clocks of chains that talk to each other are a minute apart at most. */
const TOLERANCE = 60n;

/** Mining L1 to its height may have brought its clock far ahead: sets a rollup's by it. */
export function clockStep(l1: DeployChain, rollup: DeployChain): Step {
  const behind = async (): Promise<bigint> => {
    const block = await l1.reader.getBlock(l1.firstBlock ?? Number(REALISTIC_HEIGHT));
    return BigInt(block?.timestamp ?? 0) - (await timeOf(rollup));
  };
  return {
    ...FREE,
    id: "clock",
    title: "set the clock by L1's",
    chain: rollup,
    action: {
      kind: "development",
      run: async () => {
        const time = (await timeOf(rollup)) + (await behind());
        await rollup.provider.request({ method: "evm_setNextBlockTimestamp", params: [`0x${time.toString(16)}`] });
        await rollup.provider.request({ method: "evm_mine", params: [] });
      },
    },
    state: async () => {
      if (BigInt(await l1.reader.getBlockNumber()) < REALISTIC_HEIGHT) return { waitsFor: "L1's clock" };
      return doneIf((await behind()) <= TOLERANCE);
    },
  };
}

/** The token that a development node's operators stake, and its strategy. */
export function stakeSteps(l1: DeployChain, { token, strategy }: DevnetStake): Step[] {
  const factory = contractAt(IStrategyFactory__factory, EIGENLAYER.strategyFactory, l1.reader);
  return [
    createStep(l1, "token", "deploy the token that operators stake", token),
    {
      id: "strategy",
      title: "deploy its strategy",
      chain: l1,
      sender: "anyone",
      gas: 500_000n,
      action: {
        kind: "call",
        call: {
          to: EIGENLAYER.strategyFactory,
          data: factory.interface.encodeFunctionData("deployNewStrategy", [token.address]),
          value: 0n,
        },
      },
      state: async () => doneIf(await hasCode(l1, strategy)),
    },
  ];
}
