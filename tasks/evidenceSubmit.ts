import path from "node:path";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { type Outcome, runCommand } from "./command.ts";
import evidenceCheck, { type EvidenceArguments } from "./evidenceCheck.ts";
import { ExitCode } from "./exitCodes.ts";
import { describeReview, reviewResult, submissionResult, type EvidenceResult } from "./output/evidenceResult.ts";

interface Arguments extends EvidenceArguments {
  readonly account: string | undefined;
  readonly dryRun: boolean;
}

export default async function evidenceSubmit(args: Arguments, hre: HardhatRuntimeEnvironment): Promise<EvidenceResult> {
  if (args.dryRun) return await evidenceCheck(args, hre);
  return await runCommand(hre, args, async (fabric, progress): Promise<Outcome<EvidenceResult>> => {
    const { readEvidence, reviewEvidence, submitEvidence } = await import("../src/evidence/index.ts");
    const { payingMembers, settlementAccess } = await import("../src/deployments/access.ts");
    const evidence = await readEvidence(path.resolve(hre.config.paths.root, args.file));
    const l1 = await settlementAccess(fabric, args);
    const review = await reviewEvidence(evidence, l1, await payingMembers(fabric, args));
    const submission = await submitEvidence(review, (subject) => progress.step(`Submitting: ${subject}`));
    const result = submissionResult(reviewResult(review, fabric.members), submission);
    const complaints = [...submission.revoked, ...submission.convicted, ...submission.slashed].flatMap(
      ({ problem }) => problem ?? [],
    );
    return {
      exitCode: complaints.length === 0 ? ExitCode.done : ExitCode.failed,
      result,
      text: (paint) => describeReview(result, paint),
      complaints,
    };
  });
}
