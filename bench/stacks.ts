// `npm run bench:stacks`: what the bridges of real stacks cost, by receipts of EDR chains, on the stacks' own contracts where
// they are contracts. Four members; the first table of each chain lists them for the first time. Not in the snapshot: amounts of
// gas differ by a few units with the time of day.
import { measureArbitrum } from "./measureArbitrum.ts";
import { measureOptimism } from "./measureOptimism.ts";
import { measureZksync } from "./measureZksync.ts";

const STACKS = { arbitrum: measureArbitrum, optimism: measureOptimism, zksync: measureZksync };

for (const [stack, measure] of Object.entries(STACKS)) {
  console.log(`${stack.padEnd(40)}${"L1".padStart(12)}${"rollup".padStart(12)}`);
  for (const [what, { l1, rollup }] of Object.entries(await measure())) {
    console.log(what.padEnd(40) + [l1, rollup].map((gas) => (gas ?? 0n).toLocaleString("en").padStart(12)).join(""));
  }
}
