/** What a devnet and its relayer's process tell each other. */
import { z } from "zod";

/** To the relayer. */
export const OrderSchema = z.strictObject({
  type: z.literal("start"),
  addressesFile: z.string(),
});
export type Order = z.infer<typeof OrderSchema>;

/** From the relayer. */
export const NewsSchema = z.discriminatedUnion("type", [
  /** It can be told to start. */
  z.strictObject({ type: z.literal("loaded") }),
  /** It has seen all chains once. */
  z.strictObject({ type: z.literal("running") }),
  /** What stands in the way of messages now; nothing if the list is empty. */
  z.strictObject({ type: z.literal("problems"), problems: z.array(z.string()) }),
]);
export type News = z.infer<typeof NewsSchema>;
