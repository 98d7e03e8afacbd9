import { expect } from "chai";
import { id } from "ethers";

import { EIGENLAYER } from "../../../../src/chain/eigenlayer.ts";
import { Level, type Checkpoint, type LaneWord } from "../../../../src/wire/index.ts";
import type { IDelegationManager } from "../../../../types/ethers-contracts/index.js";
import { KIND, makeLive, takeTable, type Taken } from "../accused.ts";
import { addOperator, createFabric, ETHER, FALSEHOOD_NOTICE, operatorAccount, type Fabric } from "../fabric.ts";
import { falsehoodOf, laneOf, said, WAD, type Lie, type Shown } from "../untrue.ts";

export const OPERATORS = [0, 1, 2, 3];
export const STAKE = 40n * ETHER;

/** Where a suite's falsehoods are judged: a table of four operators is taken, and the rollup's falsehoodWad is in force. */
export class Court {
  fabric!: Fabric;
  taken!: Taken;
  lie!: Lie;
  #delegation!: IDelegationManager;

  async open(): Promise<void> {
    const fabric = await createFabric();
    this.fabric = fabric;
    this.#delegation = await fabric.l1.ethers.getContractAt("IDelegationManager", EIGENLAYER.delegationManager);
    await makeLive(fabric);
    for (const n of OPERATORS) await addOperator(fabric, n, STAKE);
    await this.announce(WAD);
    await fabric.l1.networkHelpers.time.increase(FALSEHOOD_NOTICE);
    this.taken = await takeTable(fabric);
    this.lie = laneOf(fabric);
    const ready = await fabric.l1.networkHelpers.takeSnapshot();
    this.fabric = { ...fabric, reset: () => ready.restore() };
  }

  readonly announce = (wad: bigint): Promise<unknown> =>
    this.fabric.settlement.connect(this.fabric.owner).announceFalsehoodWad(this.fabric.rollup.id, wad);

  readonly account = (n: number): string => operatorAccount(this.fabric.l1, n).address;

  readonly sharesOf = (n: number): Promise<bigint> =>
    this.#delegation.operatorShares(this.account(n), this.fabric.l1.strategies[0]);

  readonly now = async (): Promise<bigint> => BigInt(await this.fabric.l1.networkHelpers.time.latest());

  readonly convict = (n: number, evidence: string, kind: number = KIND.falsehood): Promise<unknown> =>
    this.fabric.slasher.connect(this.fabric.stranger).convict(this.account(n), kind, evidence);

  /** Convicts operator 0 by a statement that it signed. */
  readonly accuse = (checkpoint: Checkpoint, shown: Shown = {}, kind: number = KIND.falsehood): Promise<unknown> =>
    this.convict(0, falsehoodOf(this.fabric, this.taken, checkpoint, [0], shown), kind);

  readonly refuses = async (attempt: Promise<unknown>, error: string, ...args: unknown[]): Promise<void> => {
    const refusal = expect(attempt).to.be.revertedWithCustomError(this.fabric.slasher, error);
    await (args.length === 0 ? refusal : refusal.withArgs(...args));
  };

  readonly final = (word: LaneWord, reachedBy = 1_000n): Checkpoint => said(this.lie, word, { reachedBy });

  readonly fast = (word: LaneWord, reachedBy = 1_000n): Checkpoint =>
    said(this.lie, word, { reachedBy, level: Level.fast, blockHash: id("a block") });
}

/** A court for the suite that this is called in, as it was opened before each of its tests. */
export function useCourt(): Court {
  const court = new Court();
  before(() => court.open());
  beforeEach(() => court.fabric.reset());
  return court;
}
