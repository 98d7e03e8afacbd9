/** Messages of the OP Stack's messengers, at either end (contracts-bedrock 0.17.3, CrossDomainMessenger.sol). */
import { Interface, keccak256, type Provider } from "ethers";

import type { ConnectedMember } from "../../deployments/connect.ts";
import type { Hex } from "../../wire/index.ts";
import type { StackCall } from "../stackBridge.ts";
import { call } from "./read.ts";

/** Where every OP Stack chain has its own. */
export const L2_MESSENGER = "0x4200000000000000000000000000000000000007";

/** Where every OP Stack chain keeps what it sends up. */
export const MESSAGE_PASSER = "0x4200000000000000000000000000000000000016";

export const MESSENGER = new Interface([
  "event SentMessage(address indexed target, address sender, bytes message, uint256 messageNonce, uint256 gasLimit)",
  "function relayMessage(uint256 nonce, address sender, address target, uint256 value, uint256 minGasLimit, bytes message) payable",
]);

/** As whom the stack's contracts have gas estimated: they revert for it where they would only note a failure (Constants.ESTIMATION_ADDRESS). */
export const ESTIMATION_ADDRESS = "0x0000000000000000000000000000000000000001";

/** What a messenger did with a message, which is known by the call of `relayMessage` that brings it. */
export async function fateOf(
  reader: Provider,
  messenger: string,
  relayed: Hex,
): Promise<"delivered" | "failed" | "unknown"> {
  const hash = keccak256(relayed);
  // A message that was retried with success is in both.
  if (await call(reader, messenger, "function successfulMessages(bytes32) view returns (bool)", hash))
    return "delivered";
  const failed = await call(reader, messenger, "function failedMessages(bytes32) view returns (bool)", hash);
  return failed === true ? "failed" : "unknown";
}

/** Has a messenger try again what failed there; anyone may, for ever. */
export const replay = (at: ConnectedMember, messenger: string, relayed: Hex): StackCall => ({
  title: "have the messenger try again what failed there (relayMessage)",
  by: "anyone",
  at,
  to: messenger,
  data: relayed,
  value: 0n,
  estimateAs: ESTIMATION_ADDRESS,
});
