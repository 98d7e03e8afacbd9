/** Relaying by hand: one step of a relayer, with the caller's own accounts. */
import type { InterfaceAbi } from "ethers";

import type { OperatorClient } from "../agents/operatorClient.ts";
import { Relayer } from "../agents/relayer.ts";
import type { HopAccess, RelayedMember, StepReport } from "../agents/relaying/types.ts";
import type { ConnectedFabric, ConnectedMember } from "../deployments/connect.ts";
import type { Hex } from "../wire/index.ts";
import type { FabricView } from "./fabricView.ts";

/** The hop of an L3, with the account that pays on its parent; undefined of other members. Throws as the parent's `signer` does. */
export async function hopOf(
  { addresses, members }: ConnectedFabric,
  { id }: Pick<ConnectedMember, "id">,
  account?: string,
): Promise<HopAccess | undefined> {
  const { hop, parent } = addresses.rollups.find(({ memberId }) => memberId === id) ?? {};
  const on = members.find(({ name }) => name === parent);
  if (hop === undefined || on === undefined) return undefined;
  return { address: hop, signer: await on.signer(account), startBlock: on.startBlock };
}

/** How to relay. */
export interface RelayOrder {
  readonly operators: readonly OperatorClient[];
  /** Of recipients. */
  readonly abis: readonly InterfaceAbi[];
  /** Messages to carry, however often they failed; undefined for all that are due. */
  readonly only: ReadonlySet<Hex> | undefined;
  /** The account that pays on each chain; each one's first by default. */
  readonly account?: string | undefined;
  /** Chains that could not be read are left out. */
  readonly view: FabricView;
}

/**
 * Has a relayer make one step, which also publishes operator tables where they run out. Throws the error of L1 if it could not be
 * read, and as `signer` does; what chains, operators and recipients do is in the report.
 */
export async function relayMessages(fabric: ConnectedFabric, order: RelayOrder): Promise<StepReport> {
  const { operators, abis, only, account, view } = order;
  const [l1] = fabric.members;
  const unread = view.unread.get(l1.id);
  if (unread !== undefined) throw unread.error;
  const members = await Promise.all(
    [...view.read.values()].map(async ({ member }): Promise<RelayedMember> => ({
      ...member,
      signer: await member.signer(account),
      hop: await hopOf(fabric, member, account),
    })),
  );
  const { chainId, contracts, startBlock } = fabric.addresses.settlement;
  const { settlement, serviceManager } = contracts;
  const signer = await l1.signer(account);
  const relayer = new Relayer({
    settlement: { chainId: BigInt(chainId), settlement, serviceManager, signer, startBlock },
    members,
    operators,
    abis,
    only,
  });
  return await relayer.step();
}
