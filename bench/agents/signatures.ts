/** How much one operator signs. */
import type { Checkpoint } from "../../src/wire/index.ts";
import { Level } from "../../src/wire/index.ts";
import { followLanes } from "../../src/chain/lanes.ts";
import { operatorsOf, type Backlog } from "./backlog.ts";
import { timed } from "./relay.ts";

/** What an operator signs a second: certificates' parts, and the checkpoints under them. */
export type SignatureFigures = { readonly signatures: number; readonly checkpoints: number };

const ROUNDS = 40;
/** Checkpoints in a tree. */
const LEAVES = 8;

/** By an operator in this process with its store in memory, each time about words that it did not sign before. */
export async function measureSignatures(backlog: Backlog): Promise<SignatureFigures> {
  const [operator] = operatorsOf(backlog);
  const [, source] = backlog.members;
  if (operator === undefined || source === undefined) throw new Error("there is an operator, and a rollup");
  const { block, state } = await followLanes(source).final();
  const [lane] = [...state.values()].filter(({ messages }) => messages.length > 0);
  const words = lane?.messages.slice(0, (ROUNDS + 1) * LEAVES) ?? [];
  const trees = Array.from({ length: Math.floor(words.length / LEAVES) }, (_, round) =>
    words.slice(round * LEAVES, (round + 1) * LEAVES).map(({ after }): Checkpoint => ({
      ...{ source: source.id, destination: lane?.destination ?? "0x", laneWord: after },
      ...{ reachedBy: block.timestamp, level: Level.final, blockHash: `0x${"00".repeat(32)}` },
    })),
  );
  const [first, ...rest] = trees;
  const certify = async (tree: readonly Checkpoint[]): Promise<void> => {
    const { signature, refused } = await operator.certify(tree);
    if (signature === undefined) throw new Error(refused[0]?.reason ?? "it does not sign");
  };
  if (first !== undefined) await certify(first);
  const { seconds } = await timed(async () => {
    for (const tree of rest) await certify(tree);
  });
  const signatures = rest.length / seconds;
  return { signatures: Math.round(signatures), checkpoints: Math.round(signatures * LEAVES) };
}
