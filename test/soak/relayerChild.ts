/** A relayer in a process of its own, that may be killed at any time: `relayerChild.ts ADDRESSES ACCOUNT`. */
import { Relayer, run } from "../../src/agents/index.ts";
import { payingMembers, settlementAccess } from "../../src/deployments/access.ts";
import { readAddresses } from "../../src/deployments/addressesFile.ts";
import { connectFabric } from "../../src/deployments/connect.ts";

const INTERVAL = 100;

const [, , file = "", account] = process.argv;
const addresses = await readAddresses(file);
if (addresses === undefined) throw new Error(`There is no ${file}`);
const fabric = await connectFabric(addresses, (network) => {
  throw new Error(`${network} is not served`);
});
const relayer = new Relayer({
  settlement: await settlementAccess(fabric, { account }),
  members: await payingMembers(fabric, { account }),
  operators: fabric.operators,
});
process.on("disconnect", () => process.exit());
await run(() => relayer.step(), { intervalMs: INTERVAL, signal: new AbortController().signal }); // until it is killed
