import type { NetworkConnection } from "hardhat/types/network";

import { type Fork, openFork as open } from "../../support/fork/openFork.ts";
import { mainnet } from "../../support/fork/sources.ts";

interface SharedFork extends Fork<"l1"> {
  /** Undoes all that was done to the fork. */
  readonly restore: () => Promise<void>;
}

let opened: Promise<SharedFork> | undefined;

/** A fork of mainnet. One serves all tests of a run; whoever opens it finds it as it was at first. */
export async function openFork(): Promise<NetworkConnection<"l1">> {
  opened ??= share();
  const fork = await opened;
  await fork.restore();
  return fork.connection;
}

after(async () => {
  if (opened !== undefined) await (await opened).close();
});

async function share(): Promise<SharedFork> {
  const fork = await open(await mainnet(), "l1");
  const untouched = await fork.connection.networkHelpers.takeSnapshot();
  return { ...fork, restore: () => untouched.restore() };
}
