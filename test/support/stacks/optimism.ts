/**
 * An OP Stack chain on two simulated chains. Real: the messengers, OptimismPortal2, the message passer, DisputeGameFactory and
 * FaultDisputeGame of @eth-optimism/contracts-bedrock, behind its proxies; withdrawals are proven by the rollup's own state. Played:
 * the sequencer, which executes deposits; a proposer that tells the truth, and nobody who disputes it; and time.
 */
import { AbiCoder, Contract, keccak256 } from "ethers";

import type { Hex } from "../../../src/wire/index.ts";
import type { ConnectionLike } from "./connection.ts";
import {
  AIR_GAP,
  call,
  type ChildContracts,
  compiled,
  deployParent,
  GAME_CLOCK,
  GAME_TYPE,
  type ParentContracts,
  placeChild,
  PREDEPLOYS,
  PROOF_MATURITY,
} from "./optimism/contracts.ts";
import { type Executed, executeDeposit, readDeposits } from "./optimism/deposits.ts";
import { type Output, outputOf, proofOf, readWithdrawals, type Withdrawal } from "./optimism/withdrawals.ts";

/** More than finalizing any withdrawal here takes; never estimated, for what the portal calls may fail without a revert. */
const FINALIZE_GAS = 5_000_000n;

/** Where the chain's contracts are. */
export interface OptimismAddresses {
  readonly parent: { readonly portal: string; readonly messenger: string };
  readonly child: { readonly messenger: string; readonly messagePasser: string };
}

export class OptimismPair {
  readonly addresses: OptimismAddresses;
  /** What became of the deposits of the last `down`. */
  executed: Executed[] = [];
  #depositedFrom: number;
  #withdrawnFrom: number;
  /** Withdrawals that are proven, and not finalized. */
  #proven: Withdrawal[] = [];
  /** Games in progress. */
  #games: Contract[] = [];

  private constructor(
    private readonly l1: ConnectionLike,
    private readonly rollup: ConnectionLike,
    readonly parent: ParentContracts,
    readonly child: ChildContracts,
    parentAddresses: OptimismAddresses["parent"],
    blocks: { l1: number; rollup: number },
  ) {
    const { messenger, messagePasser } = PREDEPLOYS;
    this.addresses = { parent: parentAddresses, child: { messenger, messagePasser } };
    this.#depositedFrom = blocks.l1;
    this.#withdrawnFrom = blocks.rollup;
  }

  /** Puts the chain's contracts onto both chains. */
  static async place(l1: ConnectionLike, rollup: ConnectionLike): Promise<OptimismPair> {
    const parent = await deployParent(l1);
    const child = await placeChild(rollup, parent);
    const addresses = { portal: await parent.portal.getAddress(), messenger: await parent.messenger.getAddress() };
    const blocks = {
      l1: await l1.ethers.provider.getBlockNumber(),
      rollup: await rollup.ethers.provider.getBlockNumber(),
    };
    return new OptimismPair(l1, rollup, parent, child, addresses, blocks);
  }

  /** Plays the sequencer: executes what was deposited since the last call. Answers how many deposits there were. */
  async down(): Promise<number> {
    const deposits = await readDeposits(this.parent.portal, this.#depositedFrom);
    this.#depositedFrom = (await this.l1.ethers.provider.getBlockNumber()) + 1;
    this.executed = [];
    for (const deposit of deposits) this.executed.push(await executeDeposit(this.rollup, deposit));
    return deposits.length;
  }

  /** Plays prover and time: proves and finalizes what the rollup sent since the last call. Answers how much that was. */
  async up(): Promise<number> {
    await this.prove();
    await this.mature();
    const proven = this.#proven;
    for (const withdrawal of proven) await this.finalize(withdrawal);
    return proven.length;
  }

  /** Proposes the rollup's state now, or something else (`root`); answers where. */
  async propose(root?: Hex): Promise<{ index: bigint; game: Contract; output: Output }> {
    const output = await outputOf(this.rollup);
    const { games } = this.parent;
    const extraData = AbiCoder.defaultAbiCoder().encode(["uint256"], [output.blockNumber]);
    const index = (await games.getFunction("gameCount").staticCall()) as bigint;
    await call(games, "create", GAME_TYPE, root ?? output.root, extraData);
    const [, , game] = (await games.getFunction("gameAtIndex").staticCall(index)) as [bigint, bigint, string];
    return { index, game: new Contract(game, compiled("FaultDisputeGame").abi, games.runner), output };
  }

  /** Proposes the rollup's state, and proves under it what was sent since the last call. */
  async prove(): Promise<Withdrawal[]> {
    const sent = await readWithdrawals(this.child.messagePasser, this.#withdrawnFrom);
    if (sent.length === 0) return sent;
    const { index, game, output } = await this.propose();
    this.#withdrawnFrom = output.blockNumber + 1;
    this.#games.push(game);
    const { portal } = this.parent;
    for (const withdrawal of sent) {
      const proof = await proofOf(this.rollup, output, withdrawal);
      await call(portal, "proveWithdrawalTransaction", withdrawal.call, index, output.proof, proof);
      this.#proven.push(withdrawal);
    }
    return sent;
  }

  /** Lets the time pass that what is proven needs: nobody disputes, and the games are resolved. */
  async mature(): Promise<void> {
    if (this.#games.length === 0) return;
    const { time } = this.l1.networkHelpers;
    await time.increase(GAME_CLOCK);
    for (const game of this.#games) {
      await call(game, "resolveClaim", 0, 0);
      await call(game, "resolve");
    }
    this.#games = [];
    await time.increase(PROOF_MATURITY - GAME_CLOCK > AIR_GAP ? PROOF_MATURITY - GAME_CLOCK : AIR_GAP + 1n);
  }

  /** Finalizes what is proven, by whoever proved it. */
  async finalize(withdrawal: Withdrawal, gasLimit = FINALIZE_GAS): Promise<Hex> {
    const hash = await call(this.parent.portal, "finalizeWithdrawalTransaction", withdrawal.call, { gasLimit });
    this.#proven = this.#proven.filter((other) => other !== withdrawal);
    return hash;
  }

  /** What a messenger did with a message, named by the call of `relayMessage` that brings it. */
  async fateOf(chain: "parent" | "child", relayed: Hex): Promise<"delivered" | "failed" | "unknown"> {
    const { messenger } = this[chain];
    const hash = keccak256(relayed);
    // A message that was retried with success is in both.
    if (await messenger.getFunction("successfulMessages").staticCall(hash)) return "delivered";
    return (await messenger.getFunction("failedMessages").staticCall(hash)) ? "failed" : "unknown";
  }

  /** Remembers how far it got, for who takes the chains back to where they are; answers how to go back. */
  remember(): () => void {
    const state = { deposited: this.#depositedFrom, withdrawn: this.#withdrawnFrom };
    const [proven, games] = [this.#proven, this.#games];
    return () => {
      [this.#depositedFrom, this.#withdrawnFrom] = [state.deposited, state.withdrawn];
      [this.#proven, this.#games] = [[...proven], [...games]];
    };
  }
}
