/** Which end of a token is linked with which: what OpenZeppelin's `CrosschainLinked` keeps. */
import type { Provider } from "ethers";

import { contractAt } from "../chain/contractAt.ts";
import { TokenVault__factory } from "../../types/ethers-contracts/factories/examples/tokens/TokenVault__factory.ts";
import { encodeInteroperableAddress, type Hex } from "../wire/index.ts";

/** A chain without an account on it, as ERC-7930 has it. */
export function interoperableChain(chainId: bigint): Hex {
  const nobody = encodeInteroperableAddress({ chainId, address: `0x${"00".repeat(20)}` });
  // Of the account its length is left, which is zero.
  return `${nobody.slice(0, -42)}00`;
}

/** The gateway and the counterpart by which an end reaches a chain; undefined if it has no link to it. */
export async function readLink(
  end: { readonly address: string; readonly provider: Provider },
  chainId: bigint,
): Promise<{ readonly gateway: string; readonly counterpart: string } | undefined> {
  const linked = contractAt(TokenVault__factory, end.address, end.provider);
  const [gateway, counterpart] = await linked.getLink(interoperableChain(chainId));
  return counterpart === "0x" ? undefined : { gateway, counterpart };
}
