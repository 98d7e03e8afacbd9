/** What of a node's answer counts: nodes of different clients say the same in different words. */
import { z } from "zod";

const bytes = (length: number): z.ZodType<string, z.ZodTypeDef, unknown> =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-f]{${2 * length}}$`, "i"))
    .transform((value) => value.toLowerCase());

const data = z
  .string()
  .regex(/^0x([0-9a-f]{2})*$/i)
  .transform((value) => value.toLowerCase());

const quantity = z
  .string()
  .regex(/^0x[0-9a-f]{1,64}$/i)
  .transform((value) => `0x${BigInt(value).toString(16)}`);

const Block = z.object({ hash: bytes(32), parentHash: bytes(32), number: quantity, timestamp: quantity }).nullable();

const Log = z.object({
  address: bytes(20),
  topics: z.array(bytes(32)),
  data,
  blockNumber: quantity,
  blockHash: bytes(32),
  transactionHash: bytes(32),
  transactionIndex: quantity,
  logIndex: quantity,
});

const Logs = z.array(Log).transform((logs) => logs.sort((a, b) => place(a) - place(b)));

const place = ({ blockNumber, logIndex }: z.infer<typeof Log>): number =>
  Number(blockNumber) * 2 ** 20 + Number(logIndex);

/** The methods that are asked, and what of their answers counts. */
const ANSWERS = {
  eth_getBlockByNumber: Block,
  eth_getBlockByHash: Block,
  eth_getLogs: Logs,
  eth_call: data,
  eth_getCode: data,
} as const satisfies Record<string, z.ZodType<unknown, z.ZodTypeDef, unknown>>;

export type AskedMethod = keyof typeof ANSWERS;

export const isAsked = (method: string): method is AskedMethod => Object.hasOwn(ANSWERS, method);

/** An answer reduced to what counts, the same for all nodes that say the same; undefined if it is none. */
export function comparable(method: AskedMethod, answer: unknown): unknown {
  const { success, data: reduced } = ANSWERS[method].safeParse(answer);
  return success ? reduced : undefined;
}

/** A block's height; undefined if the answer is no block. */
export function heightOf(answer: unknown): number | undefined {
  const { success, data: block } = Block.safeParse(answer);
  return success && block !== null ? Number(block.number) : undefined;
}
