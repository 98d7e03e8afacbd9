import type { Provider } from "ethers";

import { contractAt } from "../chain/contractAt.ts";
import { IL1Bridge__factory } from "../../types/ethers-contracts/factories/interfaces/IL1Bridge__factory.ts";
import { feesNow, highestOf } from "../chain/feesNow.ts";
import type { Hex } from "../wire/index.ts";

/** L1's end of a bridge, and who pays. */
export interface DownwardBridge {
  /** A node of L1. */
  readonly reader: Provider;
  readonly bridge: string;
  /** Who will send, to ask in the name of: nodes want an account that could pay. Nobody in particular if left out. */
  readonly payer?: string | undefined;
  /** As the stack takes them; none for its defaults. */
  readonly stackParams?: Hex | undefined;
}

/** More than any quote takes. */
const QUOTE_GAS = 10_000_000n;

/**
 * Wei to send along with these items, in a transaction that names `feesNow`: what the bridge asks for at that price, and half as much
 * again, for prices rise before it is in a block. What is not used goes back. Nothing where the stack takes nothing.
 */
export async function downwardPrice(
  { reader, bridge, payer, stackParams = "0x" }: DownwardBridge,
  items: readonly Hex[],
): Promise<bigint> {
  // Without a gas price a node answers as if gas were free.
  const fee = await contractAt(IL1Bridge__factory, bridge, reader).quote([...items], stackParams, {
    ...(payer === undefined ? {} : { from: payer }),
    gasPrice: highestOf(await feesNow(reader)),
    gasLimit: QUOTE_GAS,
  });
  return (fee * 3n) / 2n;
}
