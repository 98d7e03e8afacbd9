/** An operator's signing key on disk: encrypted, in the JSON that Ethereum clients use (Web3 Secret Storage, version 3). */
import { open, readFile, rm, type FileHandle } from "node:fs/promises";

import { computeAddress, encryptKeystoreJson, SigningKey, Wallet } from "ethers";
import { z } from "zod";

import { operatorSigner, type OperatorKey } from "../agents/operatorSigner.ts";
import { ParleyError } from "../errors.ts";
import { Bn254Key, type KeyType } from "../wire/index.ts";

/** Characters of a password at least. */
export const MIN_PASSWORD = 8;

/** Scrypt's cost of trying a password once: about a second. */
const SCRYPT_N = 131_072;

export interface KeystoreOptions {
  /** Hears how much of the work is done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** Scrypt's cost, a power of two; for tests alone. */
  readonly scryptN?: number;
}

/** Makes a key, ECDSA if not said, and writes it as {@link writeKeystore} does. Answers the key's id, an ECDSA key's address. */
export const createKeystore = (
  file: string,
  password: string,
  { keyType = "ecdsa", ...options }: KeystoreOptions & { readonly keyType?: KeyType } = {},
): Promise<string> =>
  writeKeystore(file, keyType === "bn254" ? Bn254Key.random() : Wallet.createRandom(), password, options);

/**
 * Writes a key, encrypted, to a file that only its owner may read. Answers the key's id, an ECDSA key's address. Never touches a file that is there.
 * Throws `keystore/weak-password`, `keystore/exists`, `keystore/unwritable`.
 */
export async function writeKeystore(
  file: string,
  key: OperatorKey,
  password: string,
  { onProgress, scryptN = SCRYPT_N }: KeystoreOptions = {},
): Promise<string> {
  if (password.length < MIN_PASSWORD) {
    throw new ParleyError(
      "keystore/weak-password",
      `The password has ${password.length} characters, fewer than ${MIN_PASSWORD}.`,
      "Take a longer one: whoever gets the file can try passwords for as long as they like.",
    );
  }
  const handle = await openNew(file);
  try {
    const privateKey = key instanceof Bn254Key ? key.secret : key.privateKey;
    const json = await encryptKeystoreJson({ address: computeAddress(privateKey), privateKey }, password, {
      scrypt: { N: scryptN },
      ...(onProgress === undefined ? {} : { progressCallback: onProgress }),
    });
    await handle.writeFile(`${key instanceof Bn254Key ? markedJson(json, key) : json}\n`);
    await handle.sync();
    return operatorSigner(key).address;
  } catch (cause) {
    await rm(file, { force: true });
    throw unwritable(file, cause);
  } finally {
    await handle.close();
  }
}

/** The key in a file. Throws `keystore/unreadable`, `keystore/malformed`, `keystore/wrong-password`. */
export async function readKeystore(file: string, password: string): Promise<SigningKey | Bn254Key> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new ParleyError(
      "keystore/unreadable",
      `${file} cannot be read: ${String(cause)}`,
      "Name the file that operator:keygen wrote.",
      { cause },
    );
  }
  try {
    const { privateKey } = await Wallet.fromEncryptedJson(text, password);
    return Marked.safeParse(JSON.parse(text)).success ? new Bn254Key(privateKey) : new SigningKey(privateKey);
  } catch (cause) {
    if (cause instanceof Error && cause.message.includes("incorrect password")) {
      throw new ParleyError("keystore/wrong-password", `The password does not open ${file}.`, "Try again.");
    }
    throw new ParleyError(
      "keystore/malformed",
      `${file} holds no encrypted key.`,
      "Name the file that operator:keygen wrote.",
    );
  }
}

/** What a keystore says that holds a BN254 key. */
const Marked = z.object({ "x-parley": z.object({ keyType: z.literal("bn254") }) });

/** A BN254 key's keystore: without the address that the same secret would have as another kind of key, and with its own in place of it. */
function markedJson(json: string, { publicKey: { g1, g2 } }: Bn254Key): string {
  const { address: _, ...keystore } = z.object({}).passthrough().parse(JSON.parse(json));
  return JSON.stringify({ ...keystore, "x-parley": { keyType: "bn254", g1, g2 } });
}

async function openNew(file: string): Promise<FileHandle> {
  try {
    return await open(file, "wx", 0o600);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "EEXIST") {
      throw new ParleyError(
        "keystore/exists",
        `${file} is there already; it was not touched.`,
        "Name another file: a key that is lost cannot be made again.",
      );
    }
    throw unwritable(file, cause);
  }
}

const unwritable = (file: string, cause: unknown): ParleyError =>
  new ParleyError(
    "keystore/unwritable",
    `${file} cannot be written: ${String(cause)}`,
    "Name a file in a folder that you may write to.",
    { cause },
  );
