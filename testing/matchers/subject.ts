import { ParleyError } from "../../src/errors.ts";
import type { Hex } from "../../src/wire/index.ts";
import type { DevnetMember } from "../devnetMember.ts";
import { describeMessage, type DevnetMessage } from "../messageBook.ts";
import { hashOf } from "../transactionHash.ts";

/**
 * The message that was given to `expect`: a message, its id, or a transaction that sent one message; or a promise of one of them.
 * Throws `message/unknown`, `devnet/no-transaction`, `devnet/which-message`.
 */
export async function messageOf(subject: unknown, { messages }: DevnetMember): Promise<DevnetMessage> {
  const given = await subject;
  const id = typeof given === "object" && given !== null && "id" in given ? given.id : given;
  if (typeof id === "string") return await messages.find(id);
  const hash = hashOf(given);
  const [message, ...others] = await sentBy(hash, messages);
  if (message !== undefined && others.length === 0) return message;
  throw new ParleyError(
    "devnet/which-message",
    message === undefined
      ? `Transaction ${hash} sent no message.`
      : `Transaction ${hash} sent ${others.length + 1} messages: ${[message, ...others].map(describeMessage).join(", ")}.`,
    "Give the message or its id: `const [message] = await alpha.sentIn(transaction)`.",
  );
}

const sentBy = async (hash: Hex, messages: DevnetMember["messages"]): Promise<DevnetMessage[]> =>
  (await messages.all()).filter(({ txHash }) => txHash === hash);

/** Why a message did not do on a member what was expected of it, for people. */
export const whyNot = async ({ id, destination }: DevnetMessage, expected: DevnetMember): Promise<string> =>
  destination === expected.name ? await expected.messages.explain(id) : `it goes to ${destination}`;
