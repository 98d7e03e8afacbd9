/** Arbitrum's Outbox on L1: what a rollup sent, executed against a confirmed root. */
import { ethers, keccak256, solidityPackedKeccak256, type Contract } from "ethers";

import type { Hex } from "../../src/wire/index.ts";
import type { ConnectionLike } from "../../test/support/stacks/connection.ts";
import { call as callBy, deployParent } from "../../test/support/stacks/arbitrum/contracts.ts";
import { as, call } from "../contracts.ts";
import { figuresOf, gasOf, inOne, type Ground, type Measured } from "./peer.ts";

/** Depth of the tree of all messages that a chain ever sent: about a quarter of a million. */
const DEPTH = 18;
/** Depth of what is new in it. */
const NEW = 6;

export async function measureArbitrum(ground: Ground, chain: ConnectionLike, recipient: Contract): Promise<Measured> {
  const { user } = ground;
  const { outbox, prover } = await deployParent(chain);
  const relayed = as(user, outbox);
  const above = Array.from({ length: DEPTH - NEW }, (_, i) => ethers.id(`sibling ${i.toString()}`));
  let first = 0;
  /** `executeTransaction`'s arguments for these, once the root under which they are is confirmed. */
  const confirm = async (list: readonly Hex[]): Promise<unknown[][]> => {
    const block = [20_000_000, 22_000_000, 1_900_000_000] as const;
    const sent = list.map((payload) => {
      const data = recipient.interface.encodeFunctionData("take", [payload]);
      return [user.address, recipient.target, ...block, 0, data] as const;
    });
    const types = ["address", "address", "uint256", "uint256", "uint256", "uint256", "bytes"];
    const leaves = Array.from({ length: 1 << NEW }, (_, i) => {
      const one = sent[i];
      return keccak256(
        one === undefined ? ethers.id(`leaf ${(first + i).toString()}`) : solidityPackedKeccak256(types, [...one]),
      );
    });
    const levels = [leaves];
    for (let level = leaves; level.length > 1; levels.push(level))
      level = Array.from({ length: level.length / 2 }, (_, i) => pair(level[2 * i], level[2 * i + 1]));
    const place = first;
    first += 1 << NEW;
    let root = levels.at(-1)?.[0] ?? "0x";
    for (const [i, sibling] of above.entries())
      root = (place >> (NEW + i)) & 1 ? pair(sibling, root) : pair(root, sibling);
    await callBy(outbox, prover, "updateSendRoot", root, ethers.id("block"));
    return sent.map((one, i) => {
      const within = levels.slice(0, NEW).map((level, depth) => level[(i >> depth) ^ 1]);
      return [[...within, ...above], place + i, ...one];
    });
  };
  const figures = await figuresOf({
    send: null,
    deliver: async (payload) => {
      const [args = []] = await confirm([payload]);
      return await gasOf(call(relayed, "executeTransaction", ...args), 2);
    },
    deliverMany: async (list) => {
      const calls = await confirm(list);
      return await gasOf(inOne(ground, outbox, "executeTransaction", calls), 2 * list.length);
    },
  });
  return {
    name: "Arbitrum's Outbox (rollup to L1)",
    version: "@arbitrum/nitro-contracts 3.2.0",
    trust: "fraud proof, about 7 days",
    signatures: "none",
    transactions: 1,
    batch: "none of its own: one call each, from a contract",
    played: `the rollup contract, which confirms roots, by an account; siblings above the newest ${(1 << NEW).toString()} messages of a tree of depth ${DEPTH.toString()}; sending is a precompiled contract's`,
    ...figures,
  };
}

const pair = (left = "0x", right = "0x"): Hex => keccak256(ethers.concat([left, right]));
