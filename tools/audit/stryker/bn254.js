import { strykerOptions } from "./common.js";

/** The wire format's keys, signatures and certificates of BN254. */
export default strykerOptions(
  "bn254",
  ["src/wire/bn254/*.ts"],
  ["test/src/wire/bn254.test.ts", "test/src/wire/refusalTexts.test.ts"],
);
