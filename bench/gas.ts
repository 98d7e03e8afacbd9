// `npm run bench:gas [-- --json]`: what a message costs, by receipts of an EDR chain (prague).
//
// Conditions: 6 of 8 ECDSA signers of equal weight, the certificate in the same transaction, no owner override set, the age
// of settlement checked, ERC-7786 in and out, one recipient that stores nothing. Steady state: the mean of 16 after 4
// warm-ups, within one page; payloads are random bytes of a fixed seed. Below, what certificates
// of more operators cost, by both schemes, and what operators cost on L1, on EigenLayer's stand-in.
import { network } from "hardhat";

import { ABSENT, measureCertificates, SIZES } from "./measureBn254.ts";
import { GENESIS, measureGas, type GasFigures } from "./measureGas.ts";
import { CROWDS, measureOperatorSets } from "./measureOperators.ts";
import { keepSteadyTime } from "./steadyClock.ts";

const TARGETS: Readonly<Record<keyof GasFigures, number>> = {
  send32: 36_000,
  send256: 41_500,
  deliver32: 72_000,
  deliver256: 76_000,
  batch100_32: 6_500,
  batch100_256: 12_600,
  held32: 40_000,
  held256: 44_000,
  advance: 62_000,
};

const WHAT: Readonly<Record<keyof GasFigures, string>> = {
  send32: "send, 32 B",
  send256: "send, 256 B",
  deliver32: "deliver one, 32 B",
  deliver256: "deliver one, 256 B",
  batch100_32: "deliver 100 at once, 32 B, each",
  batch100_256: "deliver 100 at once, 256 B, each",
  held32: "deliver one against a held word, 32 B",
  held256: "deliver one against a held word, 256 B",
  advance: "advance one lane",
};

const OPERATORS_COST: Readonly<Record<string, string>> = {
  snapshot: "take a table",
  publish: "send it to L1's own Gateway",
  convictLone: "convict one, lone",
  convictQuorum: "convict one, with a quorum",
  convictFalsehood: "convict one, of a falsehood, 255 hashes",
  convictFalsehoodQuorum: "the same, under a quorum's certificate",
};

keepSteadyTime();
const figures = await measureGas(await network.create({ override: { initialDate: GENESIS } }));
const certificates = await measureCertificates(() => network.create({ override: { initialDate: GENESIS } }));
const operators = await measureOperatorSets(GENESIS);
if (process.argv.includes("--json")) {
  console.log(JSON.stringify({ ...figures, ...certificates, ...operators }));
} else {
  const row = (...cells: [string, string, string, string]): string =>
    cells[0].padEnd(40) +
    cells
      .slice(1)
      .map((cell) => cell.padStart(10))
      .join("");
  console.log(row("", "gas", "target", "met"));
  for (const name of Object.keys(TARGETS) as (keyof GasFigures)[]) {
    const [gas, target] = [figures[name], TARGETS[name]];
    console.log(row(WHAT[name], gas.toLocaleString("en"), target.toLocaleString("en"), gas <= target ? "yes" : "no"));
  }
  const gasOf = (name: string): string => (certificates[name] ?? 0).toLocaleString("en");
  console.log(
    `\n${"advance one lane, of so many operators".padEnd(40)}${SIZES.map((n) => `${n}`.padStart(10)).join("")}`,
  );
  for (const percent of ABSENT) {
    const cells = SIZES.map((size) => gasOf(`bn254_${size}_${percent}`).padStart(10));
    console.log(`BN254, ${percent} % absent`.padEnd(40) + cells.join(""));
  }
  console.log("ECDSA, the least quorum".padEnd(40) + SIZES.map((size) => gasOf(`ecdsa_${size}`).padStart(10)).join(""));
  console.log(`BN254 with all present costs less from ${certificates.crossing ?? 0} operators on.`);
  console.log(`\n${row("operators", ...(CROWDS.map(String) as [string, string, string]))}`);
  for (const [name, what] of Object.entries(OPERATORS_COST)) {
    const cells = CROWDS.map((count) => (operators[`${name}${count}`] ?? 0).toLocaleString("en"));
    console.log(row(what, ...(cells as [string, string, string])));
  }
}
