import { createFabric } from "../test/contracts/settlement/fabric.ts";
import { makeLive } from "../test/contracts/settlement/accused.ts";
import { crowd, measureOperators } from "./crowd.ts";

/** How many operators there are. */
export const CROWDS = [10, 50, 200] as const;

/** What so many operators cost on L1, each with stake in two strategies. */
export type OperatorFigures = Record<string, number>;

/** Gas by receipts: a table, its publication to the Gateway on L1, and the conviction of one operator, alone and with a quorum. */
export async function measureOperatorSets(now: Date): Promise<OperatorFigures> {
  const fabric = await createFabric(now);
  await makeLive(fabric);
  const figures: OperatorFigures = {};
  let from = 0;
  for (const to of CROWDS) {
    await crowd(fabric, to, from);
    from = to;
    for (const [what, gas] of Object.entries(await measureOperators(fabric))) figures[`${what}${to}`] = Number(gas);
  }
  return figures;
}
