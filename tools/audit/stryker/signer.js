import { strykerOptions } from "./common.js";

/** All that decides what an operator signs, and keeps it. What forks processes (killed signers, locks) sees no mutant. */
export default strykerOptions(
  "signer",
  [
    "src/agents/{planSignature,operatorSigner,signingStore,memorySigningStore,fileSigningStore,signingLog}.ts",
    "src/agents/signing/*.ts",
  ],
  [
    "test/src/agents/planSignature.test.ts",
    "test/src/agents/signingStore.test.ts",
    "test/src/agents/bn254Certificates.test.ts",
    "test/src/agents/signing/guardedSigner.test.ts",
    "test/src/agents/signing/haltBook.test.ts",
    "test/src/agents/signing/interchange.test.ts",
    "test/src/agents/signing/signingVectors.test.ts",
  ],
);
