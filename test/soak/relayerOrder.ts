import { z } from "zod";

/** What a relayer's process is told. */
export const RelayerOrder = z.object({
  settlementChainId: z.number(),
  settlement: z.string(),
  serviceManager: z.string(),
  startBlock: z.number(),
  members: z.array(
    z.object({
      ...{ name: z.string(), id: z.string(), gateway: z.string(), url: z.string() },
      ...{ chainId: z.number(), confirmations: z.number(), startBlock: z.number() },
    }),
  ),
  operators: z.array(z.object({ address: z.string(), url: z.string() })),
});
export type RelayerOrder = z.infer<typeof RelayerOrder>;
