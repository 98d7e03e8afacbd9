/** Replays test/vectors/signing/sequences.json: what an operator may sign after what it signed. */
import { id, SigningKey, ZeroHash } from "ethers";

import type { SignedWord, SigningStore } from "../../../../src/agents/index.ts";
import { operatorSigner } from "../../../../src/agents/operatorSigner.ts";
import { GuardedSigner } from "../../../../src/agents/signing/guardedSigner.ts";
import type { HaltBook } from "../../../../src/agents/signing/halts.ts";
import type { SigningIdentity } from "../../../../src/agents/signing/identity.ts";
import { importRecord } from "../../../../src/agents/signing/interchange.ts";
import { signedWord, type LaneRef } from "../../../../src/agents/signingStore.ts";
import { checkpointTree, fold, genesis, Level, type Checkpoint, type LaneWord } from "../../../../src/wire/index.ts";

type Lane = { readonly lane?: string };
type Said = Lane & { readonly level?: string; readonly block?: string };

export type VectorStep =
  | ({ readonly sign: string; readonly node: string; readonly expect: string } & Said)
  | ({ readonly look: string } & Lane)
  | { readonly restart: true }
  | { readonly import: readonly ({ readonly word: string } & Said)[] };

export type Vector = { readonly name: string; readonly steps: readonly VectorStep[] };

/** What outlives an operator's process. */
export type Disk = {
  /** Starts the process anew. */
  open(): Promise<{ readonly store: SigningStore; readonly halts: HaltBook }>;
};

const signer = operatorSigner(new SigningKey(id("operator of the vectors")));
const domain = { settlementChainId: 1n, serviceManager: `0x${"5e".repeat(20)}` };
export const IDENTITY: SigningIdentity = { ...domain, keyId: signer.address };

/** The step at which the operator does something else than the vector expects, and what; undefined if there is none. */
export async function firstDeviation({ steps }: Vector, disk: Disk): Promise<string | undefined> {
  let process = await disk.open();
  const guardOf = (): GuardedSigner => new GuardedSigner({ signer, domain, ...process });
  let guard = guardOf();
  for (const [place, step] of steps.entries()) {
    if ("restart" in step) {
      process = await disk.open();
      guard = guardOf();
    } else if ("import" in step) {
      const words = step.import.map((said) => signedWord(checkpointOf(said.word, said)));
      await importRecord({ identity: IDENTITY, words, halted: [] }, IDENTITY, process.store);
    } else if ("look" in step) await guard.compare(laneOf(step), foldOf(step.look, laneOf(step)));
    else {
      const checkpoint = checkpointOf(step.sign, step);
      const { root } = checkpointTree([checkpoint]);
      const answer = await guard.sign(root, [{ checkpoint, fold: foldOf(step.node, laneOf(step)) }]);
      const found = "signature" in answer ? "signed" : answer.refused[0]?.code;
      if (found !== step.expect) return `step ${place + 1}: ${String(found)} instead of ${step.expect}`;
    }
  }
  return undefined;
}

function laneOf({ lane = "s>d" }: Lane): LaneRef {
  const [source = "", destination = ""] = lane.split(">");
  return { source: id(source), destination: id(destination) };
}

const words = new Map<string, LaneWord>();

/** The word after these messages, a letter each. */
function wordAfter(messages: string, lane: LaneRef): LaneWord {
  const key = `${lane.source}${lane.destination}${messages}`;
  const known = words.get(key);
  if (known !== undefined) return known;
  const word =
    messages === ""
      ? genesis(lane.source, lane.destination)
      : fold(wordAfter(messages.slice(0, -1), lane), [id(messages.slice(-1))]);
  words.set(key, word);
  return word;
}

const foldOf =
  (messages: string, lane: LaneRef) =>
  (count: bigint): LaneWord | undefined =>
    count <= BigInt(messages.length) ? wordAfter(messages.slice(0, Number(count)), lane) : undefined;

function checkpointOf(messages: string, said: Said): Checkpoint {
  const lane = laneOf(said);
  const isFast = said.level === "fast";
  return {
    ...lane,
    laneWord: wordAfter(messages, lane),
    reachedBy: 1n,
    level: isFast ? Level.fast : Level.final,
    blockHash: isFast ? id(said.block ?? "") : ZeroHash,
  };
}

/** A store that keeps something else than it is told: a mistake like Lodestar's #2869. */
export function distorting(store: SigningStore, distort: (word: SignedWord) => readonly SignedWord[]): SigningStore {
  return { plan: (lanes, plan) => store.plan(lanes, (history) => plan(history).flatMap(distort)) };
}
