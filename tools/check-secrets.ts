// Looks through every file that git has, or would take, for what must not be published: private keys, tokens, .env files,
// registry hosts in the lock file, and paths of somebody's machine.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

import { HDNodeWallet, Mnemonic } from "ethers";

import { report } from "./report.ts";

/** A line with this remark, or the one below it, may hold 32 bytes in hex that only look like a key. */
const REMARK = "not a secret:";
/** The vectors hold keys and hashes made up for them. */
const MADE_UP = /^test\/vectors\//;
/** Constants of 32 bytes are common in Solidity; there, only lines that speak of keys count. */
const SPEAKS_OF_KEYS = /priv(ate)?[_-]?key|secret|\bpk\b/i;

/** Curve parameters, the numbers of that size that everybody writes out. */
const CURVES = [
  "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", // not a secret: secp256k1 n
  "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0", // not a secret: its half
  "30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001", // not a secret: BN254 r
  "30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47", // not a secret: BN254 p
];

const TOKENS = [
  { what: "a private key in PEM", pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/ },
  { what: "a registry or forge token", pattern: /\b(?:npm|gh[pousr])_[A-Za-z0-9]{36}/ },
  { what: "a path of one machine", pattern: /(?<![\w.~@:/-])\/(?:home|Users|root|work|tmp|mnt)\/\w|\b[A-Z]:\\Users\\/ },
];

/** The accounts of every Hardhat and Anvil node. */
function developmentKeys(): string[] {
  const mnemonic = Mnemonic.fromPhrase(`${"test ".repeat(11)}junk`);
  const accounts = HDNodeWallet.fromMnemonic(mnemonic, "m/44'/60'/0'/0");
  return Array.from({ length: 20 }, (_, index) => accounts.deriveChild(index).privateKey.slice(2));
}

/** A number like 0x00…01 is nobody's key. */
function isPlaceholder(hex: string): boolean {
  return new Set(hex.match(/../g)).size <= 4;
}

function findings(file: string, text: string, known: Set<string>): string[] {
  const problems: string[] = [];
  const lines = text.split("\n");
  lines.forEach((line, index) => {
    const place = `${file}:${index + 1}`;
    for (const { what, pattern } of TOKENS) {
      if (pattern.test(line)) problems.push(`${place}: ${what}`);
    }
    if (MADE_UP.test(file) || line.includes(REMARK) || lines[index - 1]?.includes(REMARK)) return;
    if (file.endsWith(".sol") && !SPEAKS_OF_KEYS.test(line)) return;
    for (const [hex] of line.matchAll(/(?<![0-9a-fA-F])[0-9a-fA-F]{64}(?![0-9a-fA-F])/g)) {
      if (!known.has(hex.toLowerCase()) && !isPlaceholder(hex))
        problems.push(`${place}: 32 bytes that may be a private key`);
    }
  });
  return problems;
}

function check(): void {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    encoding: "utf8",
  });
  const files = [...new Set(listed.split("\0"))].filter((file) => file !== "" && existsSync(file));
  const known = new Set([...CURVES, ...developmentKeys()]);
  const problems: string[] = [];
  for (const file of files) {
    if (/(^|\/)\.env(?!\.example$)(\.|$)/.test(file)) problems.push(`${file}: an environment file`);
    const text = readFileSync(file, "utf8");
    if (text.includes("\0")) continue;
    problems.push(...findings(file, text, known));
    if (/(^|\/)\.npmrc$/.test(file) && /registry|_auth/i.test(text))
      problems.push(`${file}: a registry or its credentials`);
  }
  const lock = readFileSync("package-lock.json", "utf8");
  for (const [, host] of lock.matchAll(/"resolved": "(https?:\/\/[^/"]+)/g))
    problems.push(`package-lock.json: points to ${host ?? ""}`);
  report(
    problems,
    `no secret and no machine's path in ${files.length} files`,
    `32 bytes that are no key: say why in a comment, "${REMARK} …".`,
  );
}

check();
