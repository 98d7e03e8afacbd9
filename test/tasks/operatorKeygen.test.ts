import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { expect } from "chai";
import { computeAddress, isAddress } from "ethers";
import { z } from "zod";

import { createKeystore, readKeystore } from "../../src/operators/keystore.ts";
import { ParleyError } from "../../src/errors.ts";
import { Bn254Key, keyId } from "../../src/wire/index.ts";
import { codeOf, runTask, type Run } from "./served.ts";

const PASSWORD = "correct horse battery";

/** What scripts rely on. */
const Result = z.strictObject({
  address: z.string().refine((value) => isAddress(value)),
  keyType: z.enum(["ecdsa", "bn254"]),
  file: z.string(),
});

describe("operator:keygen", function () {
  this.timeout(60_000);

  let folder: string;
  let file: string;
  let passwordFile: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "parley-keygen-"));
    file = path.join(folder, "key.json");
    passwordFile = path.join(folder, "password");
    await writeFile(passwordFile, `${PASSWORD}\n`);
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  const keygen = (args: Readonly<Record<string, unknown>> = {}): Promise<Run> =>
    runTask("operator:keygen", { file, passwordFile, ...args });

  async function refusalOf(work: Promise<unknown>): Promise<string | undefined> {
    try {
      await work;
      return undefined;
    } catch (error) {
      return error instanceof ParleyError ? error.code : String(error);
    }
  }

  it("writes a key that its password opens, for its owner alone, and prints its address and no key", async () => {
    const { result, stdout, stderr, error } = await keygen();
    expect(error).to.equal("");
    const { address } = Result.parse(result);
    const key = await readKeystore(file, PASSWORD);
    if (key instanceof Bn254Key) expect.fail("a key of the wrong type");
    expect(computeAddress(key.publicKey)).to.equal(address);
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    for (const text of [stdout, stderr, await readFile(file, "utf8")]) {
      expect(text.toLowerCase()).to.not.contain(key.privateKey.slice(2).toLowerCase());
      expect(text).to.not.contain(PASSWORD);
    }
    const { version, crypto } = JSON.parse((await readFile(file, "utf8")).replace('"Crypto"', '"crypto"')) as {
      version: number;
      crypto: { kdf: string; kdfparams: { n: number } };
    };
    expect([version, crypto.kdf, crypto.kdfparams.n]).to.deep.equal([3, "scrypt", 131_072]);
    expect(await refusalOf(readKeystore(file, `${PASSWORD}!`))).to.equal("keystore/wrong-password");
  });

  it("writes a BN254 key where that is asked for, which is taken for no other", async () => {
    const { result, stdout, error } = await keygen({ keyType: "bn254" });
    expect(error).to.equal("");
    const { address, keyType } = Result.parse(result);
    expect(keyType).to.equal("bn254");
    const key = await readKeystore(file, PASSWORD);
    if (!(key instanceof Bn254Key)) expect.fail("a key of the wrong type");
    expect(keyId(key.publicKey.g1)).to.equal(address);
    const text = await readFile(file, "utf8");
    for (const shown of [stdout, text]) expect(shown).to.not.contain(key.secret.slice(2));
    expect(text.toLowerCase()).to.not.contain(computeAddress(key.secret).slice(2).toLowerCase());
    const other = path.join(folder, "other.json");
    expect(codeOf(await keygen({ file: other, keyType: "ed25519" }))).to.equal("operator/unknown-key-type");
  });

  it("takes the password from the environment too", async () => {
    process.env["PARLEY_KEY_PASSWORD"] = PASSWORD;
    try {
      const { result } = await keygen({ passwordFile: undefined });
      expect(Result.parse(result).file).to.equal(file);
    } finally {
      delete process.env["PARLEY_KEY_PASSWORD"];
    }
  });

  it("touches no file that is there, and asks for a password that is one", async () => {
    await writeFile(file, "mine");
    const taken = await keygen();
    expect([codeOf(taken), taken.exitCode, taken.stdout]).to.deep.equal(["keystore/exists", 1, ""]);
    expect(await readFile(file, "utf8")).to.equal("mine");

    await writeFile(passwordFile, "short\n");
    const other = path.join(folder, "other.json");
    expect(codeOf(await keygen({ file: other }))).to.equal("keystore/weak-password");
    expect(codeOf(await keygen({ file: other, passwordFile: "none" }))).to.equal("keystore/password-file");
    expect(codeOf(await keygen({ file: other, passwordFile: undefined }))).to.equal("keystore/no-password");
    await writeFile(passwordFile, PASSWORD);
    expect(codeOf(await keygen({ file: path.join(folder, "none", "key.json") }))).to.equal("keystore/unwritable");
    expect((await readdir(folder)).sort()).to.deep.equal(["key.json", "password"]);
  });

  it("says what is wrong with a file that is no keystore", async () => {
    await createKeystore(file, PASSWORD, { scryptN: 2 });
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace('"version":3', '"version":4'));
    expect(await refusalOf(readKeystore(file, PASSWORD))).to.equal("keystore/malformed");
    await writeFile(file, "no json");
    expect(await refusalOf(readKeystore(file, PASSWORD))).to.equal("keystore/malformed");
    expect(await refusalOf(readKeystore(path.join(folder, "none"), PASSWORD))).to.equal("keystore/unreadable");
  });
});
