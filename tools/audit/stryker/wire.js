import { strykerOptions } from "./common.js";

/** The one place that knows the format. The slow tests of BN254 come last. */
export default strykerOptions(
  "wire",
  ["src/wire/*.ts"],
  [
    ...["bytes", "levels", "lane", "member", "message", "options", "interoperableAddress", "item", "proof", "table"],
    ...[
      "batch",
      "checkpoint",
      "certificate",
      "evidence",
      "evidenceLayout",
      "equivocationEvidence",
      "falsehood",
      "refusalTexts",
      "bn254",
    ],
  ].map((name) => `test/src/wire/${name}.test.ts`),
);
