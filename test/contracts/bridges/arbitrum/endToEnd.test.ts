import { crossesEndToEnd } from "../crossesEndToEnd.ts";
import { createArbitrumFabric, PAID } from "./fabric.ts";

describe("Arbitrum bridge from end to end", () => {
  crossesEndToEnd(async () => {
    const fabric = await createArbitrumFabric({ published: true });
    const { arbitrum, settlement, stranger } = fabric;
    return {
      fabric,
      member: arbitrum,
      attempts: () => arbitrum.pair.attempts.map((attempt) => attempt?.succeeded),
      forward: (source, count) => settlement.connect(stranger).forward(source, arbitrum.id, count, "0x", PAID),
    };
  });
});
