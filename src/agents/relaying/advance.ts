import { interfaceOf } from "../../chain/contractAt.ts";
import { IGateway__factory } from "../../../types/ethers-contracts/factories/interfaces/IGateway__factory.ts";
import { decodeCallError } from "../../chain/decodeFailure.ts";
import { checkpointLeaf, encodeAdvanceProof, type Hex } from "../../wire/index.ts";
import type { Certified } from "./collectCertificates.ts";
import { byHeldWord, planAdvances, type AdvancePlan } from "./planAdvance.ts";
import type { Batch } from "./planBatches.ts";
import { senderOf, type StepProblem } from "./types.ts";

const GATEWAY = interfaceOf(IGateway__factory);

/**
 * Has destinations hold words where that is cheaper, and returns the batches as they are to be proven then. Where it fails
 * the batches stay as they are.
 */
export async function advance(
  batches: readonly Batch[],
  certified: ReadonlyMap<Hex, Certified>,
  lanes: number,
): Promise<{ batches: readonly Batch[]; problems: readonly StepProblem[] }> {
  const held = new Set<Batch>();
  const problems: StepProblem[] = [];
  await Promise.all(
    planAdvances(batches, certified, lanes).map(async (plan) => {
      try {
        await hold(plan, certified);
        for (const batch of plan.batches) held.add(batch);
      } catch (error) {
        const reason = decodeCallError(error).text;
        problems.push({ subject: plan.destination.name, code: "relayer/not-advanced", reason });
      }
    }),
  );
  return { batches: batches.map((batch) => (held.has(batch) ? byHeldWord(batch) : batch)), problems };
}

async function hold({ destination, checkpoints }: AdvancePlan, certified: ReadonlyMap<Hex, Certified>): Promise<void> {
  const found = checkpoints.map((checkpoint) => certified.get(checkpointLeaf(checkpoint)));
  const proof = encodeAdvanceProof({
    siblings: found.map((one) => one?.siblings ?? []),
    certificate: found[0]?.certificate ?? "0x",
  });
  const data = GATEWAY.encodeFunctionData("advance", [[...checkpoints], proof]);
  const key = `hold words: ${checkpoints.map(({ laneWord }) => laneWord).join(" ")}`;
  await senderOf(destination).send({ key, to: destination.gateway, data });
}
