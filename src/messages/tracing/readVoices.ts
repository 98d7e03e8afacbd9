/** Who signed for a message, and who has not. */
import { ZeroHash } from "ethers";

import type { OperatorClient } from "../../agents/operatorClient.ts";
import type { ConnectedFabric } from "../../deployments/connect.ts";
import {
  certificateDigest,
  keyId,
  Level,
  signersOf,
  type CertificateDomain,
  type Checkpoint,
  type OperatorTable,
} from "../../wire/index.ts";
import { askOperators, type OperatorVoice } from "../askOperators.ts";
import { certifiableAt, readFabricTable, type Judgement } from "../judgement.ts";
import type { TrackedMessage } from "../messageStatus.ts";
import type { Delivery } from "./readDelivery.ts";

/** What operators have to do with a message. */
export interface Voices {
  /** `taken`: a certificate on which it was delivered. `asked`: what they answer now. */
  readonly how: "taken" | "asked";
  readonly level: Level;
  readonly table: OperatorTable;
  readonly operators: readonly OperatorVoice[];
}

/** Where the fabric's certificates count. */
export const domainOf = ({ addresses: { settlement } }: ConnectedFabric): CertificateDomain => ({
  settlementChainId: BigInt(settlement.chainId),
  serviceManager: settlement.contracts.serviceManager,
});

/** Who signed the certificate by which a message was delivered; undefined if none was needed, or none can be read. */
export async function readSigners(fabric: ConnectedFabric, { proof }: Delivery): Promise<Voices | undefined> {
  const taken = proof?.certificate;
  if (proof === undefined || taken?.tableId === undefined) return undefined;
  const table = await readFabricTable(fabric, taken.tableId);
  const digest = certificateDigest(domainOf(fabric), taken.root);
  const signers = new Set(signersOf(table, digest, taken.certificate));
  return {
    how: "taken",
    level: proof.level,
    table,
    operators: table.operators.map(({ key, weight }, index) => ({
      operator: keyId(key),
      weight,
      answer: signers.has(index) ? "signed" : "absent",
    })),
  };
}

/** What the operators answer to a message that is not delivered; undefined if no certificate about it would count. */
export async function askForVoices(
  fabric: ConnectedFabric,
  operators: readonly OperatorClient[],
  tracked: TrackedMessage,
  { table, demands }: Judgement,
): Promise<Voices | undefined> {
  const level = certifiableAt(tracked, demands);
  if (level === undefined || table === undefined) return undefined;
  const { message, source, destination } = tracked;
  const block = level === Level.fast ? source.latest : source.final;
  const checkpoint: Checkpoint = {
    source: source.member.id,
    destination: destination.id,
    laneWord: message.after,
    reachedBy: block.timestamp,
    level,
    blockHash: level === Level.fast ? block.hash : ZeroHash,
  };
  return { how: "asked", level, table, operators: await askOperators(operators, table, checkpoint, domainOf(fabric)) };
}
