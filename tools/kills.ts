// `npm run test:kills [-- --seed TEXT]`: kills a relayer and an operator with -9 at each of their steps, in an order and at times that
// the seed chooses, and reorganises a source to each depth from 1 to 64, before an operator signed, after it, and across restarts.
// Takes minutes; `npm test` does the same with a sample. The last line tells the seed, with which the same happens again.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { parseArgs } from "node:util";

const FILES = [
  "test/src/agents/relayerKills.test.ts",
  "test/src/agents/signing/killedSigner.test.ts",
  "test/src/agents/signing/reorgDepths.test.ts",
];

const { values } = parseArgs({ options: { seed: { type: "string" } } });
const seed = values.seed ?? process.env["PARLEY_SEED"] ?? String(Date.now());
const hardhat = path.join(
  path.dirname(createRequire(import.meta.url).resolve("hardhat/package.json")),
  "dist/src/cli.js",
);

console.log(`seed ${seed}`);
const { status } = spawnSync(process.execPath, [hardhat, "test", "mocha", ...FILES], {
  cwd: path.resolve(import.meta.dirname, ".."),
  env: { ...process.env, PARLEY_KILLS: "all", PARLEY_SEED: seed },
  stdio: "inherit",
});
console.log(`kills and reorganisations: ${status === 0 ? "all passed" : "failed"}; seed ${seed}`);
process.exitCode = status ?? 1;
