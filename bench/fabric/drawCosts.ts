import { MAX_MEMBERS } from "../../src/wire/index.ts";
import type { EpochCost } from "./epoch.ts";
import { type Panel, plotSvg } from "./plot.ts";

/** What an epoch costs with so many rollups. */
export interface Row {
  readonly rollups: number;
  readonly shared: EpochCost;
  readonly pairwise: EpochCost;
}

/** The plot of what epochs cost. */
export function drawCosts(all: readonly Row[], operators: number): string {
  const short = (value: number): string => {
    if (value >= 1e6) return `${(value / 1e6).toFixed(value < 1e7 && value % 1e6 !== 0 ? 1 : 0)}M`;
    return value >= 1e4 ? `${(value / 1e3).toFixed(0)}k` : value.toLocaleString("en");
  };
  const panel = (title: string, of: (cost: EpochCost) => number): Panel => ({
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
    subtitle: `${operators} operators, or validators of each rollup, with ECDSA keys; deliveries, as many for both, are not counted; logarithmic`,
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
