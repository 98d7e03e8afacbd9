import { id } from "ethers";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";

import { startReplica } from "./replica.ts";

interface Fork {
  readonly connection: NetworkConnection<"l1">;
  /** Undoes all that was done to the fork. */
  readonly restore: () => Promise<void>;
  readonly close: () => Promise<void>;
}

let opened: Promise<Fork> | undefined;

/**
 * A fork of the chain at MAINNET_RPC_URL, at FORK_BLOCK or its head; without that address, of a replica that is started here. Nothing
 * after this file knows which. One fork serves all tests of a run; whoever opens it finds it as it was at first.
 */
export async function openFork(): Promise<NetworkConnection<"l1">> {
  opened ??= open();
  const fork = await opened;
  await fork.restore();
  return fork.connection;
}

after(async () => {
  if (opened !== undefined) await (await opened).close();
});

async function open(): Promise<Fork> {
  const source =
    process.env.MAINNET_RPC_URL === undefined
      ? await startReplica()
      : { url: process.env.MAINNET_RPC_URL, close: async () => {} };
  const block = process.env.FORK_BLOCK;
  const connection = await network.create({
    network: "default",
    chainType: "l1",
    override: {
      chainId: 1,
      accounts: ACCOUNTS,
      forking: { url: source.url, ...(block === undefined ? {} : { blockNumber: Number(block) }) },
    },
  });
  // At the very head of a fork the chain's rules are those of the block that was forked; from the next one on they are ours.
  await connection.networkHelpers.mine(1);
  const untouched = await connection.networkHelpers.takeSnapshot();
  return {
    connection,
    restore: () => untouched.restore(),
    close: async () => {
      await connection.close();
      await source.close();
    },
  };
}

/** Accounts that nobody else uses: those of Hardhat are known to everyone, and have code and a past on mainnet. */
const ACCOUNTS = Array.from({ length: 8 }, (_, n) => ({
  privateKey: id(`parley.test.eigenlayer.account.${n}`),
  balance: 10n ** 21n,
}));
