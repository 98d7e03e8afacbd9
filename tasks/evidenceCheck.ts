import path from "node:path";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { type CommandArguments, type Outcome, runCommand } from "./command.ts";
import { describeReview, exitCodeOfReview, reviewResult, type EvidenceResult } from "./output/evidenceResult.ts";

export interface EvidenceArguments extends CommandArguments {
  readonly file: string;
}

export default async function evidenceCheck(
  args: EvidenceArguments,
  hre: HardhatRuntimeEnvironment,
): Promise<EvidenceResult> {
  return await runCommand(hre, args, async (fabric): Promise<Outcome<EvidenceResult>> => {
    const { readEvidence, reviewEvidence } = await import("../src/evidence/index.ts");
    const { payingMembers, settlementAccess } = await import("../src/deployments/access.ts");
    const evidence = await readEvidence(path.resolve(hre.config.paths.root, args.file));
    const l1 = await settlementAccess(fabric, "nobody");
    const review = await reviewEvidence(evidence, l1, await payingMembers(fabric, "nobody"));
    const result = reviewResult(review, fabric.members);
    return { exitCode: exitCodeOfReview(result), result, text: (paint) => describeReview(result, paint) };
  });
}
