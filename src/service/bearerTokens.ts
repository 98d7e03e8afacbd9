import { createHash, timingSafeEqual } from "node:crypto";

/** Tokens by which those who ask are known. */
export class BearerTokens {
  readonly #digests: readonly Buffer[];

  constructor(tokens: readonly string[]) {
    this.#digests = tokens.map(digest);
  }

  /** Whether an `Authorization` header names one of them. Takes as long whichever it names, and if it names none. */
  accepts(header: string | undefined): boolean {
    const token = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(header ?? "")?.[1];
    const given = digest(token ?? "");
    const isOne = this.#digests.map((known) => timingSafeEqual(known, given)).includes(true);
    return isOne && token !== undefined;
  }
}

const digest = (token: string): Buffer => createHash("sha256").update(token).digest();
