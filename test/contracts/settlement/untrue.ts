/** Statements about a member of a settlement fabric, what that member settles, and the evidence between them. */
import { ZeroHash } from "ethers";
import type { ContractTransactionResponse } from "ethers";

import {
  encodeFalsehoodEvidence,
  encodeSettlementItem,
  fold,
  genesis,
  Level,
  ZERO_WORD,
  type Checkpoint,
  type Falsehood,
  type Hex,
  type LaneWord,
} from "../../../src/wire/index.ts";
import { indexOf, messages, signedBy, type Taken } from "./accused.ts";
import { ETHER, type Fabric } from "./fabric.ts";

/** What a falsehood about the rollup costs, once it is announced and in force. */
export const WAD = ETHER / 10n;

/** A lane of the rollup's to L1. */
export type Lie = {
  readonly lane: { readonly source: Hex; readonly destination: Hex };
  /** The lane's word after the first messages of a history. */
  readonly word: (history: string, count: number) => LaneWord;
  /** The lane's word after these messages. */
  readonly after: (messageHashes: readonly Hex[]) => LaneWord;
};

/** What a source settles: current with a time, else an anchor. */
export type SettledWord = { readonly word: LaneWord; readonly currentAt?: bigint };

export function laneOf({ rollup, local }: Record<"rollup" | "local", { readonly id: Hex }>): Lie {
  const lane = { source: rollup.id, destination: local.id };
  const start = genesis(lane.source, lane.destination);
  const after = (hashes: readonly Hex[]): LaneWord => fold(start, hashes);
  return { lane, after, word: (history, count) => after(messages(history, count)) };
}

/** What the rollup's bridge says to Settlement, in this order. */
export async function settleAll(
  { l1, settlement, rollup, local }: Pick<Fabric, "l1" | "settlement" | "rollup" | "local">,
  words: readonly SettledWord[],
): Promise<ContractTransactionResponse> {
  const bridge = await rollup.l1Bridge.getAddress();
  await l1.networkHelpers.impersonateAccount(bridge);
  await l1.networkHelpers.setBalance(bridge, ETHER);
  const items = words.map(({ word, currentAt }) =>
    encodeSettlementItem({
      kind: "word",
      destination: local.id,
      laneWord: word,
      time: currentAt ?? 0n,
      current: currentAt !== undefined,
    }),
  );
  return await settlement.connect(await l1.ethers.getSigner(bridge)).onSettled(items);
}

/** One word: current with a time, else an anchor. */
export const settle = (
  fabric: Parameters<typeof settleAll>[0],
  word: LaneWord,
  currentAt?: bigint,
): Promise<ContractTransactionResponse> =>
  settleAll(fabric, [currentAt === undefined ? { word } : { word, currentAt }]);

/** A checkpoint of the rollup's lane to L1. */
export const said = (lie: Lie, laneWord: LaneWord, changed: Partial<Checkpoint> = {}): Checkpoint => ({
  ...lie.lane,
  laneWord,
  reachedBy: 1_000n,
  level: Level.final,
  blockHash: ZeroHash,
  ...changed,
});

/** Where what is settled contradicts a statement. */
export type Shown = Partial<Pick<Falsehood, "settledCount" | "from" | "messageHashes">>;

/** The evidence against the n-th operator, one of the signers: by default, that another word is settled at the count. */
export function falsehoodOf(
  fabric: Pick<Fabric, "l1" | "set">,
  taken: Taken,
  checkpoint: Checkpoint,
  signers: readonly number[],
  shown: Shown = {},
  n = signers[0]!,
): Hex {
  return encodeFalsehoodEvidence({
    statement: signedBy(fabric, taken, checkpoint, signers),
    listing: { tableId: taken.id, index: indexOf(taken, n) },
    settledCount: BigInt(`0x${checkpoint.laneWord.slice(-10)}`),
    from: ZERO_WORD,
    messageHashes: [],
    ...shown,
  });
}
