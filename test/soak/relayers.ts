/** Relayers as operations run them: `npx hardhat relayer:run`. */
import path from "node:path";

import type { Fabric } from "../../src/testing/fabric.ts";
import { Child } from "./children.ts";

/**
 * Relayers that find everything by the addresses file, and pay from accounts of their own. They share the server, or have each a
 * database of its own in the folder.
 */
export async function makeRelayers(
  count: number,
  fabric: Fabric,
  { addresses, databaseUrl, folder }: { addresses: string; databaseUrl: string | undefined; folder: string },
): Promise<Child[]> {
  const [l1] = fabric.members;
  const accounts = (await l1.provider.request({ method: "eth_accounts" })) as string[];
  const options = ["--port", "0", "--interval", "100", "--lease", "3", "--log-level", "error"];
  // The first account is the deployer's.
  return accounts.slice(1, 1 + count).map((account) => {
    const database =
      databaseUrl === undefined ? ["--database", path.join(folder, account)] : ["--database-url", databaseUrl];
    return new Child(["relayer:run", "--addresses", addresses, "--account", account, ...database, ...options]);
  });
}
