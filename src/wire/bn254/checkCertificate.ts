import { ParleyError } from "../../errors.ts";
import type { Hex } from "../bytes.ts";
import { decodeBn254Certificate, presentOf } from "./certificate.ts";
import { aggregateG1Keys, isSignedBy } from "./signatures.ts";

/** The operators of a table, as certificates are verified with them. */
export type Bn254Signers = {
  /** Each one's key in G1, by position. */
  readonly keys: readonly Hex[];
  /** The key of all of them in G2. */
  readonly allKey: Hex;
};

/**
 * The positions of those who signed the certificate, ascending. Throws `wire/signature` unless all of them did, `wire/range` if an absent
 * one is not in the table, `wire/empty` if nobody is left, `wire/identity` if their keys cancel out, and as `decodeBn254Certificate` does.
 */
export function checkBn254Certificate({ keys, allKey }: Bn254Signers, digest: string, bytes: string): number[] {
  const { signature, absent, signersKey } = decodeBn254Certificate(bytes, digest);
  const present = presentOf(absent, keys.length);
  const g1 = aggregateG1Keys(keys.filter((_, index) => present.includes(index)));
  if (isSignedBy({ g1, g2: signersKey ?? allKey }, digest, signature)) return present;
  throw new ParleyError(
    "wire/signature",
    `the certificate is not signed by operators ${present.join(", ")} together`,
    "Check that the signature is over this root, under this domain, and that the table is the one in force.",
  );
}
