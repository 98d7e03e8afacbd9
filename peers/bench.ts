// `npm run bench:peers [-- --write]`: what a message costs with Parley and with its peers, on one EDR chain (prague) in one run: their own
// contracts from their packages, the same payloads, one recipient that stores nothing, signatures of the same keys. Receipts' gasUsed.
// With --write into bench/peers.json and the table of docs/GAS.md.
import { readFile, writeFile } from "node:fs/promises";

import { Contract } from "ethers";
import { network } from "hardhat";
import { format, resolveConfig } from "prettier";

import { GENESIS } from "../bench/measureGas.ts";
import { keepSteadyTime } from "../bench/steadyClock.ts";
import { addressOf } from "./contracts.ts";
import { measureArbitrum } from "./bench/arbitrum.ts";
import { deployAxelar, measureAxelar } from "./bench/axelar.ts";
import { measureHyperlane } from "./bench/hyperlane.ts";
import { measureLayerZero } from "./bench/layerZero.ts";
import { measureParley } from "./bench/parley.ts";
import type { Figures, Ground, Measured } from "./bench/peer.ts";
import { pageOf } from "./bench/page.ts";

const FIGURES = "bench/peers.json";
const PAGE = "docs/GAS.md";
const [BEGIN, END] = ["<!-- bench:peers -->", "<!-- /bench:peers -->"];

/** The one chain, and who does what on it. */
async function groundOf(): Promise<Ground & { chain: Parameters<typeof measureArbitrum>[1] }> {
  const connection = await network.create({ override: { initialDate: GENESIS } });
  const [owner, proxyAdmin, user] = await connection.ethers.getSigners();
  if (owner === undefined || proxyAdmin === undefined || user === undefined)
    throw new Error("The chain has no accounts.");
  const batcher = await connection.ethers.deployContract("Batcher", user);
  return { connection, ethers: connection.ethers, owner, proxyAdmin, user, batcher, chain: connection };
}

keepSteadyTime();
const ground = await groundOf();
const measured: Measured[] = [];
const add = async (running: Promise<Measured>): Promise<void> => {
  measured.push(await running);
  process.stderr.write(`${measured.at(-1)?.name ?? ""}\n`);
};
/** The recipient, of which Axelar's gateway is told. */
const recipientOf = async (axelar: Contract): Promise<Contract> => {
  const recipient = await ground.ethers.deployContract("SilentRecipientOfAll", [axelar.target], ground.owner);
  return new Contract(recipient.target, recipient.interface, ground.owner);
};
const gateways = { 5: await deployAxelar(ground, 5), 6: await deployAxelar(ground, 6) };
const recipients = { 5: await recipientOf(gateways[5]), 6: await recipientOf(gateways[6]) };
const recipient = addressOf(recipients[6]);

await add(measureParley(ground, recipient));
await add(measureHyperlane(ground, recipient, 5));
await add(measureHyperlane(ground, recipient, 6));
await add(measureAxelar(ground, gateways[5], recipients[5], 5));
await add(measureAxelar(ground, gateways[6], recipients[6], 6));
await add(measureLayerZero(ground, recipient, { dvns: 1, signers: 8, quorum: 5 }));
await add(measureLayerZero(ground, recipient, { dvns: 1, signers: 8, quorum: 6 }));
await add(measureLayerZero(ground, recipient, { dvns: 2, signers: 3, quorum: 2 }));
await add(measureArbitrum(ground, ground.chain, recipients[6]));

const page = pageOf(measured satisfies readonly Figures[]);
console.log(page);
if (process.argv.includes("--write")) {
  const written = async (file: string, text: string): Promise<void> =>
    await writeFile(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
  await written(FIGURES, JSON.stringify(measured));
  const before = await readFile(PAGE, "utf8");
  const [start, end] = [before.indexOf(BEGIN), before.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`${PAGE} has no place for the table`);
  await written(PAGE, `${before.slice(0, start)}${BEGIN}\n\n${page}\n\n${END}${before.slice(end + END.length)}`);
}
