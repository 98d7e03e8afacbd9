// One fabric in a process of its own, so that its memory is its own. Prints one JSON object. See bench/agents.ts.
import { makeBacklog } from "./backlog.ts";
import { relayBacklog, replayBytes, replaySigned } from "./relay.ts";
import { measureSignatures } from "./signatures.ts";
import { measureStores } from "./stores.ts";

const [rollups, messages, more] = process.argv.slice(2);
const backlog = await makeBacklog({ rollups: Number(rollups), messages: Number(messages), operators: 4 });
const { transactions, ...relayed } = await relayBacklog(backlog);
await backlog.restore();
const signed = await replaySigned(backlog, transactions);
await backlog.restore();
const bytes = await replayBytes(backlog, transactions);
await backlog.restore();
const figures = { rollups: Number(rollups), relayed, transactions: transactions.length, signed, bytes };
const others =
  more === "--stores" ? { stores: await measureStores(backlog), operators: await measureSignatures(backlog) } : {};
console.log(JSON.stringify({ ...figures, ...others }));
// A server that tests share ends with its process.
process.exit(0);
