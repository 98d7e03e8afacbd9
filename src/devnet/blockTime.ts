/** When the chains of a devnet make blocks. */
import { ParleyError } from "../errors.ts";
import type { ChainProvider } from "../testing/eigenlayer.ts";

/** Seconds; an hour between blocks is the most. */
const MOST = 3_600;

/** Throws `devnet/bad-block-time`, and `devnet/never-final` where blocks wait for others that nothing would bring. */
export function requireBlockTime(seconds: number, chains: readonly { name: string; confirmations: number }[]): void {
  if (!(seconds >= 0 && seconds <= MOST)) {
    throw new ParleyError(
      "devnet/bad-block-time",
      `A block every ${seconds} seconds is not possible.`,
      `Give --block-time 0 to ${MOST}; 0: each transaction gets a block at once.`,
    );
  }
  const waiting = chains.find(({ confirmations }) => confirmations > 0);
  if (seconds > 0 || waiting === undefined) return;
  throw new ParleyError(
    "devnet/never-final",
    `A block of ${waiting.name} is final once it has ${waiting.confirmations} others on it, but with --block-time 0 blocks come ` +
      "with transactions alone: messages would wait for ever.",
    "Give --block-time SECONDS as well, or --confirmations 0.",
  );
}

/** From now on a block every so many seconds, and transactions wait for it; 0 leaves it at a block for each transaction. */
export async function setBlockTime(provider: ChainProvider, seconds: number): Promise<void> {
  if (seconds === 0) return;
  await provider.request({ method: "evm_setAutomine", params: [false] });
  await provider.request({ method: "evm_setIntervalMining", params: [Math.max(1, Math.round(seconds * 1_000))] });
}
