import { isAddress } from "ethers";
import { z } from "zod";

const Address = z.string().refine((value): boolean => isAddress(value), "is no address");
const MemberId = z.string().regex(/^0x[0-9a-f]{64}$/, "is no member id");
const ChainId = z.number().int().positive();

/** L1: its contracts by role. `gateway`, `bridge`, `tableFactory` and `gatewayDeployer` are those of the member on L1 itself. */
const SettlementSchema = z.strictObject({
  chainId: ChainId,
  contracts: z.strictObject({
    settlement: Address,
    serviceManager: Address,
    gateway: Address,
    bridge: Address,
    tableFactory: Address,
    gatewayDeployer: Address,
    strategy: Address,
    token: Address,
  }),
});

/** A rollup: addresses on its own chain, but `l1Bridge`, which is L1's end of its bridge. */
const RollupSchema = z.strictObject({
  name: z.string(),
  chainId: ChainId,
  memberId: MemberId,
  gateway: Address,
  bridge: Address,
  l1Bridge: Address,
  tableFactory: Address,
  gatewayDeployer: Address,
});

/** What was deployed where. */
export const DeploymentSchema = z.strictObject({
  settlement: SettlementSchema,
  rollups: z.array(RollupSchema),
});

export type Deployment = z.infer<typeof DeploymentSchema>;
