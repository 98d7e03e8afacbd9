/** A connected fabric as agents take it: with accounts. */
import { VoidSigner, type Signer } from "ethers";

import type { RelayedMember, SettlementAccess } from "../agents/relaying/types.ts";
import type { ConnectedFabric, ConnectedMember } from "./connect.ts";

/** Who pays: the account of this address, each chain's first one (`undefined`), or nobody, where nothing is sent. */
export type Payer = { readonly account: string | undefined } | "nobody";

/** Nobody's account: what is only tried out is called from it. */
const NOBODY = "0x000000000000000000000000000000000000dEaD";

/** L1, with the account that pays there. Throws as `ConnectedMember.signer` does. */
export async function settlementAccess(fabric: ConnectedFabric, payer: Payer): Promise<SettlementAccess> {
  const { chainId, contracts, startBlock } = fabric.addresses.settlement;
  const { settlement, serviceManager } = contracts;
  const signer = await signerOf(fabric.members[0], payer);
  return { chainId: BigInt(chainId), settlement, serviceManager, signer, startBlock };
}

/** All members, with the accounts that pay there. Throws as `ConnectedMember.signer` does. */
export async function payingMembers(fabric: ConnectedFabric, payer: Payer): Promise<readonly RelayedMember[]> {
  return await Promise.all(
    fabric.members.map(async (member) => ({ ...member, signer: await signerOf(member, payer) })),
  );
}

async function signerOf(member: ConnectedMember, payer: Payer): Promise<Signer> {
  return payer === "nobody" ? new VoidSigner(NOBODY, member.provider) : await member.signer(payer.account);
}
