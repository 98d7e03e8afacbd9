import { countOf, Level, levelName, type Checkpoint, type LaneWord } from "../wire/index.ts";
import { signedWord, type SignedWord } from "./signingStore.ts";

/** What R23 says of a checkpoint: `record` must be durable before it is signed; undefined if it is already. */
export type SignaturePlan =
  | { readonly sign: true; readonly record: SignedWord | undefined }
  | { readonly sign: false; readonly code: string; readonly reason: string };

/**
 * Whether a checkpoint may be signed after what was signed before (R23).
 * Never two words at one (lane, level, count, blockHash). At level final only a word on the signer's own fold, if that
 * fold also goes through every final word that was signed on the lane: so all of them lie on one hash chain, and no
 * message sequence leads past one of them to another.
 * @param history Everything that was signed on the checkpoint's lane.
 * @param fold The lane's word at a count as the signer's own node has it; undefined beyond its end.
 */
export function planSignature(
  history: readonly SignedWord[],
  checkpoint: Checkpoint,
  fold: (count: bigint) => LaneWord | undefined,
): SignaturePlan {
  const { level, blockHash, laneWord } = checkpoint;
  const count = countOf(laneWord);
  const before = history.filter(
    (signed) => signed.level === level && signed.blockHash === blockHash && countOf(signed.laneWord) === count,
  );
  const other = before.find((signed) => signed.laneWord !== laneWord);
  if (other !== undefined) {
    return {
      sign: false,
      code: "signing/equivocation",
      reason: `the ${levelName(level)} word ${other.laneWord} was signed at count ${count}: ${laneWord} would contradict it`,
    };
  }
  if (level === Level.final) {
    const off = [laneWord, ...history.filter((signed) => signed.level === level).map((signed) => signed.laneWord)].find(
      (word) => fold(countOf(word)) !== word,
    );
    if (off !== undefined) {
      return {
        sign: false,
        code: "signing/off-fold",
        reason:
          `${off === laneWord ? "the word" : "a final word that was signed before,"} ${off} is not what this operator's ` +
          `node shows at count ${countOf(off)}: ${fold(countOf(off)) ?? "nothing"}`,
      };
    }
  }
  return { sign: true, record: before.length === 0 ? signedWord(checkpoint) : undefined };
}
