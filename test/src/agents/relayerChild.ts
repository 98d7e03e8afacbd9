/**
 * A relayer as a process of its own that kills itself at a step: `relayerChild.ts <addresses file> <database> <account> <step>`.
 * Does nothing unless it is started: test runners load every file.
 */
import { fileURLToPath } from "node:url";

import { openSenders } from "../../../src/agents/relaying/openSenders.ts";
import { SharedRelayer } from "../../../src/agents/sharedRelayer.ts";
import { payingMembers, settlementAccess } from "../../../src/deployments/access.ts";
import { readAddresses } from "../../../src/deployments/addressesFile.ts";
import { connectFabric } from "../../../src/deployments/connect.ts";
import { openDatabase } from "../../../src/store/index.ts";

async function relay([file = "", place = "", account, fatal]: readonly string[]): Promise<void> {
  const onStep = (step: string): void => {
    if (step === fatal) process.kill(process.pid, "SIGKILL");
  };
  const addresses = await readAddresses(file);
  if (addresses === undefined) throw new Error("there are no addresses");
  const fabric = await connectFabric(addresses, () => {
    throw new Error("its chains are a devnet's");
  });
  const settlement = await settlementAccess(fabric, { account });
  const database = await openDatabase(
    place.startsWith("postgresql:") ? { url: place } : { directory: place },
    settlement,
  );
  const { paying } = await openSenders(
    { settlement, members: await payingMembers(fabric, { account }) },
    { database, onStep, lookEvery: 20 },
  );
  const relayer = new SharedRelayer({
    ...paying,
    operators: fabric.operators,
    database,
    name: `child ${process.pid}`,
    leaseSeconds: 2,
    onStep,
  });
  // Until it is killed, or there was nothing left for it.
  for (let idle = 0; idle < 3;) idle = (await relayer.step()).delivered.length === 0 ? idle + 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await relay(process.argv.slice(2));
  process.exit(0);
}
