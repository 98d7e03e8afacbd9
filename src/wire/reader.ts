import { ParleyError } from "../errors.ts";
import { address, hex, shown, sizeOf, type Hex } from "./bytes.ts";

/** Reads fields from the front of bytes, one after the other, and refuses both too few bytes and too many. */
export class Reader {
  readonly #bytes: Hex;
  readonly #what: string;
  #offset = 0;

  /** `what` names the whole in errors. Throws `wire/hex`. */
  constructor(bytes: string, what: string) {
    this.#bytes = hex(bytes, what);
    this.#what = what;
  }

  /** Bytes not read yet. */
  get remaining(): number {
    return sizeOf(this.#bytes) - this.#offset;
  }

  /** The next `size` bytes. Throws `wire/truncated` if there are fewer. */
  bytes(size: number, field: string): Hex {
    if (this.remaining < size) {
      throw new ParleyError(
        "wire/truncated",
        `${this.#what} ends within its field "${field}": ${size} bytes needed at offset ${this.#offset}, ` +
          `${this.remaining} left of ${shown(this.#bytes)}`,
        "Pass the bytes whole, as they were sent or emitted; the layout is in docs/PROTOCOL.md.",
      );
    }
    const start = 2 + 2 * this.#offset;
    this.#offset += size;
    return `0x${this.#bytes.slice(start, start + 2 * size)}`;
  }

  /** The next `size` bytes (one at least) as a big-endian unsigned integer. Throws `wire/truncated`. */
  uint(size: number, field: string): bigint {
    return BigInt(this.bytes(size, field));
  }

  /** The next byte. Throws `wire/truncated`. */
  byte(field: string): number {
    return Number(this.uint(1, field));
  }

  /** The next 20 bytes as a checksummed address. Throws `wire/truncated`. */
  address(field: string): string {
    return address(this.bytes(20, field), field);
  }

  /** A list of 32-byte values, its length in one byte before it. Throws `wire/truncated`. */
  siblings(field: string): Hex[] {
    return Array.from({ length: this.byte(`${field}, number`) }, () => this.bytes(32, field));
  }

  /** All bytes not read yet, perhaps none. */
  rest(): Hex {
    return this.bytes(this.remaining, "rest");
  }

  /** Throws `wire/trailing` unless everything has been read. */
  end(): void {
    if (this.remaining !== 0) {
      throw new ParleyError(
        "wire/trailing",
        `${this.#what} has ${this.remaining} bytes behind its end at offset ${this.#offset}: ${shown(this.#bytes)}`,
        "Remove what stands behind the last field; there is one encoding for every value.",
      );
    }
  }
}
