// `npm run bench:fabric [-- --write]`: what an epoch costs in which each of n rollups has something to say to every other one,
// attested to by one operator set for all and by every rollup's own validators. With --write into bench/fabric.json and the plot.
//
// By the relayer's own planning, certificates with operators' signatures, and the calldata it would send, over simulated views of
// 2 to 100 rollups; and, for few rollups, by one step of a real relayer over real Gateways on EDR chains.
import { mkdir, writeFile } from "node:fs/promises";

import { format, resolveConfig } from "prettier";

import { epochOnChains } from "./fabric/onChains.ts";
import { pairwiseEpoch, sharedEpoch, type EpochCost } from "./fabric/epoch.ts";
import { plotSvg } from "./fabric/plot.ts";
import { OPERATORS } from "./fabric/views.ts";
import { MAX_MEMBERS } from "../src/wire/index.ts";

const COUNTS = [2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 80, 100];
const ON_CHAINS = [2, 4, 8];
const FIGURES = "bench/fabric.json";
const PLOT = "docs/plots/fabric.svg";

interface Row {
  readonly rollups: number;
  readonly shared: EpochCost;
  readonly pairwise: EpochCost;
}

const number = (value: number): string => value.toLocaleString("en");
const cells = (...values: readonly (string | number)[]): string =>
  values.map((value) => (typeof value === "number" ? number(value) : value).padStart(14)).join("");

const rows: Row[] = [];
console.log(cells("rollups", "certificates", "signatures", "bytes", "pairwise:", "signatures", "bytes"));
for (const rollups of COUNTS) {
  const row = { rollups, shared: await sharedEpoch(rollups), pairwise: await pairwiseEpoch(rollups) };
  rows.push(row);
  const { shared, pairwise } = row;
  console.log(
    cells(rollups, shared.transactions, shared.signatures, shared.bytes) +
      cells(pairwise.transactions, pairwise.signatures, pairwise.bytes),
  );
}

const checked: { rollups: number; onChains: EpochCost }[] = [];
for (const rollups of ON_CHAINS) {
  const { delivered, ...onChains } = await epochOnChains(rollups);
  const simulated = rows.find((row) => row.rollups === rollups)?.shared;
  const { signatures, transactions, bytes } = onChains;
  console.log(
    `${rollups} EDR chains: ${delivered} delivered; ${transactions} certificates, ${signatures} signatures, ${bytes} bytes`,
  );
  // Of a tree whose leaves are no power of two, the ways to the root differ by one hash.
  const isClose = Math.abs(bytes / (simulated?.bytes ?? 1) - 1) < 0.05;
  if (simulated?.signatures !== signatures || simulated.transactions !== transactions || !isClose) {
    throw new Error(`${rollups} rollups cost otherwise in simulation: ${JSON.stringify(simulated)}`);
  }
  checked.push({ rollups, onChains });
}

if (process.argv.includes("--write")) {
  const options = await resolveConfig(FIGURES);
  const json = JSON.stringify({ operators: OPERATORS, rows, checked });
  await writeFile(FIGURES, await format(json, { ...options, filepath: FIGURES }));
  await mkdir("docs/plots", { recursive: true });
  await writeFile(PLOT, draw(rows));
}

function draw(all: readonly Row[]): string {
  const short = (value: number): string => {
    if (value >= 1e6) return `${(value / 1e6).toFixed(value < 1e7 && value % 1e6 !== 0 ? 1 : 0)}M`;
    return value >= 1e4 ? `${(value / 1e3).toFixed(0)}k` : number(value);
  };
  const panel = (title: string, of: (cost: EpochCost) => number): Parameters<typeof plotSvg>[0]["panels"][number] => ({
    title,
    format: short,
    series: [
      {
        name: "each rollup's validators for every other",
        style: "b",
        points: all.map(({ rollups, pairwise }) => [rollups, of(pairwise)]),
      },
      {
        name: "Parley: one operator set for all",
        style: "a",
        points: all.map(({ rollups, shared }) => [rollups, of(shared)]),
      },
    ],
  });
  return plotSvg({
    title: "What it takes to prove an epoch's words, every rollup to every other",
    subtitle: `${OPERATORS} ECDSA signers of equal weight, a quorum of 6; deliveries, the same for both, not counted; logarithmic`,
    xLabel: "rollups",
    xTicks: [2, 4, 8, 16, 32, 64, 100],
    limit: { x: MAX_MEMBERS, label: "one table" },
    panels: [
      panel("Transactions with a certificate", ({ transactions }) => transactions),
      panel("Signatures", ({ signatures }) => signatures),
      panel("Bytes of proof", ({ bytes }) => bytes),
    ],
  });
}
