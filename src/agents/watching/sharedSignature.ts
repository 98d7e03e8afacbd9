import { ParleyError } from "../../errors.ts";
import { decodeBn254Certificate, listedIds, signersOf, type Bn254Table, type Hex } from "../../wire/index.ts";

/** A BN254 signature of several operators at once. */
export type SharedSignature = {
  /** Ids of the keys that signed, in lower case. */
  readonly signers: readonly string[];
  /** 64 bytes. */
  readonly signature: Hex;
  /** The signers' key in G2, 128 bytes. */
  readonly key: Hex;
  /** In which it was seen. */
  readonly certificate: Hex;
};

/** Whose signature a BN254 certificate is, by the first of the tables of which it is one; undefined if it is of none. */
export function sharedSignature(
  certificate: Hex,
  digest: Hex,
  tables: readonly Bn254Table[],
): SharedSignature | undefined {
  for (const table of tables) {
    try {
      const signers = signersOf(table, digest, certificate).map((index) => listedIds(table)[index] ?? "");
      const { signature, signersKey } = decodeBn254Certificate(certificate, digest);
      return { signers, signature, key: signersKey ?? table.aggregateKey, certificate };
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error; // of another table, or of nobody
    }
  }
  return undefined;
}
