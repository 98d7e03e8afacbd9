/** Relayers as operations run them: `npx hardhat relayer:run`, several on one database. */
import type { Fabric } from "../../src/testing/fabric.ts";
import { Child } from "./children.ts";

/** Relayers that find everything by the addresses file, share a database, and pay from accounts of their own. */
export async function makeRelayers(
  count: number,
  fabric: Fabric,
  { addresses, databaseUrl }: { readonly addresses: string; readonly databaseUrl: string },
): Promise<Child[]> {
  const [l1] = fabric.members;
  const accounts = (await l1.provider.request({ method: "eth_accounts" })) as string[];
  const options = ["--port", "0", "--interval", "100", "--lease", "3", "--log-level", "error"];
  // The first account is the deployer's.
  return accounts
    .slice(1, 1 + count)
    .map(
      (account) =>
        new Child([
          ...["relayer:run", "--addresses", addresses, "--database-url", databaseUrl, "--account", account],
          ...options,
        ]),
    );
}
