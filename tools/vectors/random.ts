import { keccak256, toUtf8Bytes } from "ethers";

import { address as checksummed } from "../../src/wire/bytes.ts";
import { laneWord, type Hex, type LaneWord } from "../../src/wire/index.ts";

/** Values that look random and are the same on every run: a hash chain from a seed. */
export class Random {
  #state: Hex;

  constructor(seed: string) {
    this.#state = keccak256(toUtf8Bytes(`parley vectors ${seed}`));
  }

  /** Bytes, at least one. */
  bytes(size: number): Hex {
    let digits = "";
    while (digits.length < 2 * size) {
      this.#state = keccak256(this.#state);
      digits += this.#state.slice(2);
    }
    return `0x${digits.slice(0, 2 * size)}`;
  }

  uint(bits: number): bigint {
    return BigInt(this.bytes(32)) >> BigInt(256 - bits);
  }

  hash(): Hex {
    return this.bytes(32);
  }

  word(): LaneWord {
    return laneWord(this.hash());
  }

  address(): string {
    return checksummed(this.bytes(20), "address");
  }

  hashes(length: number): Hex[] {
    return Array.from({ length }, () => this.hash());
  }
}
