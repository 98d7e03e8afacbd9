// `npm run bench:fabric [-- --write]`: what an epoch costs in which each of n rollups has something to say to every other one,
// attested to by one operator set for all and by every rollup's own validators. With --write into bench/fabric.json and the plot.
//
// By the relayer's own planning, certificates with operators' signatures, and the calldata it would send, over simulated views of
// 2 to 100 rollups; and, for few rollups, by one step of a real relayer over real Gateways on EDR chains.
import { mkdir, writeFile } from "node:fs/promises";

import { format, resolveConfig } from "prettier";

import { epochOnChains, OPERATORS, type EpochOnChains } from "./fabric/onChains.ts";
import { drawCosts, type Row } from "./fabric/drawCosts.ts";
import { pairwiseEpoch, sharedEpoch } from "./fabric/epoch.ts";

const COUNTS = [2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 80, 100];
/** How many sign. */
const SIGNERS = [OPERATORS, 64];
const ON_CHAINS = [2, 4, 8, 16];
const FIGURES = "bench/fabric.json";
const PLOT = "docs/plots/fabric.svg";

const number = (value: number): string => value.toLocaleString("en");
const cells = (...values: readonly (string | number)[]): string =>
  values.map((value) => (typeof value === "number" ? number(value) : value).padStart(14)).join("");

const sizes: { readonly operators: number; readonly rows: readonly Row[] }[] = [];
for (const operators of SIGNERS) {
  console.log(`\n${operators} operators, or validators of each rollup`);
  console.log(cells("rollups", "certificates", "signatures", "bytes", "pairwise:", "signatures", "bytes"));
  const rows: Row[] = [];
  for (const rollups of COUNTS) {
    const [shared, pairwise] = [await sharedEpoch(rollups, operators), await pairwiseEpoch(rollups, operators)];
    rows.push({ rollups, shared, pairwise });
    console.log(
      cells(rollups, shared.transactions, shared.signatures, shared.bytes) +
        cells(pairwise.transactions, pairwise.signatures, pairwise.bytes),
    );
  }
  sizes.push({ operators, rows });
}

const checked: ({ readonly rollups: number } & EpochOnChains)[] = [];
for (const rollups of ON_CHAINS) {
  const onChains = await epochOnChains(rollups);
  const { signatures, transactions, bytes, delivered, gas, pairwiseGas } = onChains;
  console.log(
    `${rollups} EDR chains: ${delivered} delivered by ${transactions} certificates, ${signatures} signatures, ` +
      `${number(bytes)} bytes of proof; gas of all transactions ${number(gas)}, pairwise ${number(pairwiseGas)}`,
  );
  const simulated = await sharedEpoch(rollups, OPERATORS);
  // Of a tree whose leaves are no power of two, the ways to the root differ by a hash.
  const isClose = Math.abs(bytes / simulated.bytes - 1) < 0.05;
  if (simulated.signatures !== signatures || simulated.transactions !== transactions || !isClose) {
    throw new Error(`${rollups} rollups cost otherwise in simulation: ${JSON.stringify(simulated)}`);
  }
  checked.push({ rollups, ...onChains });
}

if (process.argv.includes("--write")) {
  const options = await resolveConfig(FIGURES);
  const json = JSON.stringify({ sizes, checked });
  await writeFile(FIGURES, await format(json, { ...options, filepath: FIGURES }));
  await mkdir("docs/plots", { recursive: true });
  const [last] = sizes.slice(-1);
  if (last !== undefined) await writeFile(PLOT, drawCosts(last.rows, last.operators));
}
