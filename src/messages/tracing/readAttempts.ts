import type { InterfaceAbi } from "ethers";

import { interfaceOf } from "../../chain/contractAt.ts";
import { IGateway__factory } from "../../../types/ethers-contracts/factories/interfaces/IGateway__factory.ts";
import { decodeFailure, type DecodedFailure } from "../../chain/decodeFailure.ts";
import { readLogs } from "../../chain/readLogs.ts";
import type { Hex } from "../../wire/index.ts";
import type { MemberView } from "../fabricView.ts";

/** A delivery that failed. */
export interface FailedAttempt {
  readonly txHash: Hex;
  readonly blockNumber: number;
  /** Who sent the transaction. */
  readonly relayer: string | undefined;
  /** What the recipient returned, at most 256 bytes. */
  readonly data: Hex;
  readonly failure: DecodedFailure;
}

const GATEWAY = interfaceOf(IGateway__factory);

/** Each attempt at a message that failed, in order. Throws as the destination's node does. */
export async function readAttempts(
  { member, latest }: MemberView,
  id: Hex,
  abis: readonly InterfaceAbi[],
): Promise<FailedAttempt[]> {
  const topics = [GATEWAY.getEvent("DeliveryFailed").topicHash, id];
  const logs = await readLogs(member, topics, member.startBlock, latest.number);
  return await Promise.all(
    logs.map(async (log) => {
      const reason: unknown = GATEWAY.parseLog(log)?.args["reason"];
      const data = String(reason);
      return {
        txHash: log.transactionHash,
        blockNumber: log.blockNumber,
        relayer: (await member.provider.getTransaction(log.transactionHash))?.from,
        data,
        failure: decodeFailure(data, abis),
      };
    }),
  );
}
