import { bn254 } from "@noble/curves/bn254.js";
import { hexlify } from "ethers";

import { ParleyError } from "../../errors.ts";
import { bytes32, join, uint, type Hex } from "../bytes.ts";
import { Reader } from "../reader.ts";
import { GROUP_ORDER } from "./field.ts";
import { eigenLayerHashToG1, hashToG1 } from "./hashToG1.ts";
import {
  decodeG1,
  decodeG2,
  encodeG1,
  encodeG2,
  G1_GENERATOR,
  G1_LENGTH,
  G2_GENERATOR,
  G2_LENGTH,
  pairsToOne,
} from "./points.ts";

/** A BN254 key as others see it: the secret times each group's generator. */
export type Bn254PublicKey = {
  /** 64 bytes: what operator tables list. */
  readonly g1: Hex;
  /** 128 bytes: what signatures are verified with. */
  readonly g2: Hex;
};

/** A BN254 key that signs. */
export class Bn254Key {
  readonly publicKey: Bn254PublicKey;
  readonly #scalar: bigint;

  /**
   * @param secret 32 bytes. Throws `wire/secret` unless it is 1 … the groups' order − 1, and `wire/hex`, `wire/length`.
   */
  constructor(secret: string) {
    const scalar = BigInt(bytes32(secret, "secret"));
    if (scalar === 0n || scalar >= GROUP_ORDER) {
      throw new ParleyError(
        "wire/secret",
        "a BN254 secret is zero, or not below the order of the groups",
        "Make one with Bn254Key.random(): not every 32 bytes are a key.",
      );
    }
    this.#scalar = scalar;
    this.publicKey = {
      g1: encodeG1(G1_GENERATOR.multiply(scalar)),
      g2: encodeG2(G2_GENERATOR.multiply(scalar)),
    };
  }

  /** A new key, from this machine's randomness. */
  static random(): Bn254Key {
    return new Bn254Key(hexlify(bn254.utils.randomSecretKey()));
  }

  /** The 32 bytes from which the key can be made again. */
  get secret(): Hex {
    return uint(this.#scalar, 32, "secret");
  }

  /** Signs a certificate's digest: 64 bytes. Throws `wire/hex`, `wire/length`. */
  sign(digest: string): Hex {
    return encodeG1(hashToG1(digest).point.multiply(this.#scalar));
  }

  /**
   * Signs what EigenLayer's KeyRegistrar asks to be signed of who registers the key (`getBN254KeyRegistrationMessageHash`): 64 bytes.
   * Throws `wire/hex`, `wire/length`.
   */
  provePossession(digest: string): Hex {
    return encodeG1(eigenLayerHashToG1(digest).multiply(this.#scalar));
  }
}

/** A key as EigenLayer's KeyRegistrar takes it, 192 bytes. Throws as {@link checkPublicKey} does. */
export function encodeRegistrarKey(key: Bn254PublicKey): Hex {
  checkPublicKey(key);
  return join(key.g1, key.g2);
}

/** The key that somebody registered at EigenLayer's KeyRegistrar. Throws as {@link checkPublicKey} does, and `wire/trailing`. */
export function decodeRegistrarKey(bytes: string): Bn254PublicKey {
  const reader = new Reader(bytes, "registered key");
  const key = { g1: reader.bytes(G1_LENGTH, "g1"), g2: reader.bytes(G2_LENGTH, "g2") };
  reader.end();
  checkPublicKey(key);
  return key;
}

/** Whether somebody's signature over EigenLayer's digest proves that they have the key's secret. Throws as `decodeG1` does. */
export function isPossessed(key: Bn254PublicKey, digest: string, proof: string): boolean {
  checkPublicKey(key);
  return pairsToOne([
    { g1: decodeG1(proof, "proof of possession"), g2: G2_GENERATOR.negate() },
    { g1: eigenLayerHashToG1(digest), g2: decodeG2(key.g2, "key in G2") },
  ]);
}

/**
 * Throws unless both halves are points of their groups, and of one secret: `wire/key-mismatch`, and as `decodeG1` and `decodeG2` do.
 */
export function checkPublicKey({ g1, g2 }: Bn254PublicKey): void {
  const inG1 = decodeG1(g1, "key in G1");
  const inG2 = decodeG2(g2, "key in G2");
  const isOne = pairsToOne([
    { g1: inG1, g2: G2_GENERATOR.negate() },
    { g1: G1_GENERATOR, g2: inG2 },
  ]);
  if (isOne) return;
  throw new ParleyError("wire/key-mismatch", `the key ${g1} has another secret in G2`, "Give both halves of one key.");
}
