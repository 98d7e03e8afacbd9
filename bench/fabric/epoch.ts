/**
 * What an epoch costs in which every rollup sent every other one a message: signatures, and what of transactions is there to
 * prove words. Deliveries themselves are the same in number whoever proves them, and are not counted.
 */
import { dataLength } from "ethers";

import { MAX_CHECKPOINTS } from "../../src/agents/http/certifyMessages.ts";
import { collectCertificates, type Certified } from "../../src/agents/relaying/collectCertificates.ts";
import { planAdvances } from "../../src/agents/relaying/planAdvance.ts";
import { planBatches, type Batch } from "../../src/agents/relaying/planBatches.ts";
import { planCheckpoints } from "../../src/agents/relaying/planCheckpoints.ts";
import { checkpointLeaf, encodeAdvanceProof, encodeProof, Level, type Hex } from "../../src/wire/index.ts";
import { IGateway__factory } from "../../types/ethers-contracts/factories/interfaces/IGateway__factory.ts";
import { DOMAIN, laneView, rollups, signersFor } from "./views.ts";

/** What it takes to prove one epoch's words. */
export interface EpochCost {
  /** That operators or validators made. */
  readonly signatures: number;
  /** That carry a certificate, and have it verified. */
  readonly transactions: number;
  /** Of certificates and what belongs to them, in transactions. */
  readonly bytes: number;
}

const GATEWAY = IGateway__factory.createInterface();
const LIMITS = { messages: 100, bytes: 100_000n };
const TIMEOUT = 600_000;
/** As relayers do: from so many lanes to a destination on, it holds their words first. */
const ADVANCE_FROM = 3;
/** What the proof of a delivery is without a certificate. */
const HELD = dataLength(encodeProof({ kind: "held", level: Level.final }));

/** One operator set for all: the relayer's own planning, operators' signatures, and the transactions that it would send. */
export async function sharedEpoch(count: number, operators: number): Promise<EpochCost> {
  const members = rollups(count);
  const { clients, judges, made } = signersFor(members, operators);
  const batches = members.flatMap((destination) =>
    members.flatMap((source) =>
      source === destination ? [] : planBatches(laneView(source, destination, judges), LIMITS),
    ),
  );
  const requests = planCheckpoints(batches);
  const certified = new Map<Hex, Certified>();
  // No more than operators take at once, and each destination's together.
  const most = Math.max(1, Math.floor(MAX_CHECKPOINTS / (count - 1))) * (count - 1);
  for (let first = 0; first < requests.length; first += most) {
    const asked = requests.slice(first, first + most);
    for (const [leaf, found] of (await collectCertificates(asked, clients, DOMAIN, TIMEOUT)).certified) {
      certified.set(leaf, found);
    }
  }
  const plans = planAdvances(batches, certified, ADVANCE_FROM);
  const held = new Set(plans.flatMap((plan) => plan.batches));
  const advances = plans.map(({ checkpoints }) => {
    const found = checkpoints.map((checkpoint) => certified.get(checkpointLeaf(checkpoint)));
    const siblings = found.map((one) => one?.siblings ?? []);
    const proof = encodeAdvanceProof({ siblings, certificate: found[0]?.certificate ?? "0x" });
    return dataLength(GATEWAY.encodeFunctionData("advance", [[...checkpoints], proof]));
  });
  const others = batches.filter((batch) => !held.has(batch)).map((batch) => proofBytes(batch, certified));
  const bytes = [...advances, ...others].reduce((sum, size) => sum + size, 0);
  return { signatures: made(), transactions: advances.length + others.length, bytes };
}

/**
 * Pairwise attestation: each rollup's own validators, as many as there are operators, attest to each other rollup. Every ordered
 * pair has a certificate of its own, all of one size: one is made, and counted for all.
 */
export async function pairwiseEpoch(count: number, validators: number): Promise<EpochCost> {
  const [source, destination] = rollups(2);
  if (source === undefined || destination === undefined) throw new Error("two rollups are two");
  const { clients, judges } = signersFor([source, destination], validators);
  const [batch] = planBatches(laneView(source, destination, judges), LIMITS);
  if (batch === undefined) throw new Error("a lane with a message makes a batch");
  const { certified } = await collectCertificates(planCheckpoints([batch]), clients, DOMAIN, TIMEOUT);
  const pairs = count * (count - 1);
  return { signatures: pairs * validators, transactions: pairs, bytes: pairs * proofBytes(batch, certified) };
}

/** Bytes of a delivery's proof that are there for its certificate. */
function proofBytes({ proof }: Batch, certified: ReadonlyMap<Hex, Certified>): number {
  if (proof.kind !== "certificate") return 0;
  const { checkpoint } = proof;
  const found = certified.get(checkpointLeaf(checkpoint));
  if (found === undefined) throw new Error("every checkpoint found a quorum");
  const { level, reachedBy, blockHash } = checkpoint;
  return dataLength(encodeProof({ kind: "certificate", level, reachedBy, blockHash, ...found })) - HELD;
}
