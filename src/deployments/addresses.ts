/** What the addresses file holds: what was deployed where, and where those chains are now. */
import { isAddress } from "ethers";
import { z } from "zod";

import { DeploymentSchema } from "./deployment.ts";

const Url = z.string().url();
const Address = z.string().refine((value): boolean => isAddress(value), "is no address");
const version = z.literal(1);

/** The chains lived in one process, and ended with it. */
const EndedSchema = DeploymentSchema.extend({ version, chains: z.literal("ended") });

/** The chains are those of the project's networks. */
const NetworksSchema = DeploymentSchema.extend({ version, chains: z.literal("networks") });

/** A devnet serves the chains, and its operators, as long as it runs. */
const DevnetSchema = DeploymentSchema.extend({
  version,
  chains: z.literal("devnet"),
  devnet: z.strictObject({
    /** Number of its process. */
    pid: z.number().int().positive(),
    /** JSON-RPC of each chain, by its name; L1 is `l1`. */
    urls: z.record(Url),
    operators: z.array(
      z.strictObject({
        /** Of its signing key, as operator tables list it. */
        address: Address,
        url: Url,
      }),
    ),
    /** Example contracts to try things with; each at one address on every chain. */
    examples: z.strictObject({
      /** contracts/examples/Mailbox.sol */
      mailbox: Address,
    }),
  }),
});

export const AddressesSchema = z.discriminatedUnion("chains", [EndedSchema, NetworksSchema, DevnetSchema]);

export type Addresses = z.infer<typeof AddressesSchema>;
