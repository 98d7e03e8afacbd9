import { dataLength, Interface, type InterfaceAbi } from "ethers";

import { decodeCallError, decodeFailure } from "../../chain/decodeFailure.ts";
import type { SentMessage } from "../../chain/lanes.ts";
import type { MemberNode } from "../../chain/memberNode.ts";
import { encodeInteroperableAddress } from "../../wire/index.ts";
import { gasLimitOf } from "./batchGas.ts";

const RECIPIENT = new Interface([
  "function receiveMessage(bytes32 receiveId, bytes sender, bytes payload) payable returns (bytes4)",
]);

/** What a recipient must answer: the function's selector, in a word. */
const ACCEPTED = RECIPIENT.getFunction("receiveMessage")?.selector.padEnd(66, "0");

/**
 * What a recipient would answer if the Gateway called it now, alone: undefined if it accepts the message, else why not.
 * Not the last word: it may wait for a message before this one, or ask the Gateway what it is delivering.
 */
export async function simulateMessage(
  source: Pick<MemberNode, "chainId">,
  destination: Pick<MemberNode, "gateway" | "provider">,
  message: SentMessage,
  abis: readonly InterfaceAbi[],
): Promise<string | undefined> {
  const sender = encodeInteroperableAddress({ chainId: source.chainId, address: message.sender });
  const data = RECIPIENT.encodeFunctionData("receiveMessage", [message.id, sender, message.payload]);
  const bytes = BigInt(dataLength(data));
  const execution = gasLimitOf(message.options) + 16n * bytes;
  try {
    const answer = await destination.provider.call({
      from: destination.gateway,
      to: message.recipient,
      data,
      gasLimit: 21_000n + (execution > 40n * bytes ? execution : 40n * bytes),
    });
    return answer.slice(0, 66) === ACCEPTED ? undefined : decodeFailure(answer, abis).text;
  } catch (error) {
    return decodeCallError(error, abis).text;
  }
}
