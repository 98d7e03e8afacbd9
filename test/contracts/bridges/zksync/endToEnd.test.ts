import { crossesEndToEnd } from "../crossesEndToEnd.ts";
import { createZksyncFabric, forwardTo } from "./zksyncFabric.ts";

describe("ZK Stack bridge from end to end", () => {
  crossesEndToEnd(async () => {
    const fabric = await createZksyncFabric();
    const { zk, pair } = fabric;
    return {
      fabric,
      member: zk,
      attempts: () => pair.executions.map(({ succeeded }) => succeeded),
      forward: (source, count) => forwardTo(fabric, source, count),
    };
  });
});
