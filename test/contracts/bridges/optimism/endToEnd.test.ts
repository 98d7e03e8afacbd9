import { crossesEndToEnd } from "../crossesEndToEnd.ts";
import { DEPOSIT_GAS, freshOptimismFabric, publishEverywhere } from "./fabric.ts";

describe("OP Stack bridge from end to end", () => {
  crossesEndToEnd(async () => {
    const fabric = await freshOptimismFabric();
    await publishEverywhere(fabric);
    const { optimism, settlement, stranger } = fabric;
    return {
      fabric,
      member: optimism,
      attempts: () => optimism.pair.executed.map(({ succeeded }) => succeeded),
      forward: (source, count) =>
        settlement.connect(stranger).forward(source, optimism.id, count, "0x", { gasLimit: DEPOSIT_GAS }),
    };
  });
});
