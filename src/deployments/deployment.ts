import { isAddress } from "ethers";
import { z } from "zod";

import { STACKS } from "../stacks/stack.ts";
import { KEY_TYPES, type Hex } from "../wire/index.ts";

const Address = z.string().refine((value): boolean => isAddress(value), "is no address");
const MemberId = z.custom<Hex>(
  (value) => typeof value === "string" && /^0x[0-9a-f]{64}$/.test(value),
  "is no member id",
);
const ChainId = z.number().int().positive();

/** Where a chain is found, and what of it counts. */
const chain = {
  /** Its name in the Hardhat config's `networks`. */
  network: z.string(),
  chainId: ChainId,
  /** What of it is final: what its node calls so, or what has this many blocks on it. */
  confirmations: z.union([z.literal("finalized"), z.number().int().nonnegative()]),
  /** No log of Parley on it is older. */
  startBlock: z.number().int().nonnegative(),
};

/** L1: its contracts by role. `gateway`, `bridge`, `tableFactory` and `gatewayDeployer` are those of the member on L1 itself. */
const SettlementSchema = z.strictObject({
  ...chain,
  /** What operators sign with; files of older versions know ECDSA keys alone. */
  keyType: z.enum(KEY_TYPES).optional(),
  memberId: MemberId,
  contracts: z.strictObject({
    settlement: Address,
    serviceManager: Address,
    gateway: Address,
    bridge: Address,
    tableFactory: Address,
    gatewayDeployer: Address,
    /** Where operators of a development node stake, and the token that they do stake. */
    strategy: Address.optional(),
    token: Address.optional(),
  }),
});

/** A rollup: addresses on its own chain, but `l1Bridge`, which is L1's end of its bridge. */
const RollupSchema = z.strictObject({
  name: z.string(),
  /** How it is joined to its parent; files of older versions know the devnet bridge alone. */
  stack: z.enum(STACKS).default("devnet"),
  /** Of an L3: the name of the rollup that it settles on, and the contract there through which its bridge goes. */
  parent: z.string().optional(),
  hop: Address.optional(),
  ...chain,
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

/** Where a chain of a deployment is found, and what of it counts. */
export type ChainOfDeployment = Pick<Deployment["settlement"], keyof typeof chain>;
