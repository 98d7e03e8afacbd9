/** Evidence against operators: reading it, saying what it is good for, and submitting it. No Hardhat inside. */
export * from "./evidenceFile.ts";
export * from "./reviewEvidence.ts";
export * from "./submitEvidence.ts";
