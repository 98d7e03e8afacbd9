/** Nitro's own contracts on a parent chain, as their package brings them compiled. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { Contract, Interface, ZeroAddress } from "ethers";
import { z } from "zod";

import { addressOf } from "../../../../src/testing/cheats.ts";
import type { Hex } from "../../../../src/wire/index.ts";
import type { ConnectionLike } from "../connection.ts";

const COMPILED = z.object({ abi: z.array(z.unknown()), bytecode: z.string() });

/** What Arbitrum One's Inbox takes at most, bytes: nine tenths of a transaction of 128 KiB. */
const MAX_DATA_SIZE = 117_964;

/** ArbSys, a precompiled contract. */
export const ARB_SYS = "0x0000000000000000000000000000000000000064";

/** Who plays the rollup contract, that is whoever proves what the chain did: it may set inboxes, outboxes and roots. */
const PROVER = addressOf("parley arbitrum rollup");

/** A Nitro chain's contracts on its parent chain. */
export interface ParentContracts {
  readonly bridge: Contract;
  readonly inbox: Contract;
  readonly outbox: Contract;
  /** Plays the rollup contract. */
  readonly prover: HardhatEthersSigner;
}

function compiled(path: string): { abi: Interface; bytecode: string } {
  const file = createRequire(import.meta.url).resolve(`@arbitrum/nitro-contracts/build/contracts/${path}.json`);
  const { abi, bytecode } = COMPILED.parse(JSON.parse(readFileSync(file, "utf8")));
  return { abi: new Interface(JSON.stringify(abi)), bytecode };
}

/** Deploys one of Nitro's contracts behind a proxy, as it must be, with the call that initializes it. */
async function behindProxy(
  { ethers }: ConnectionLike,
  name: string,
  args: unknown[],
  init: unknown[],
): Promise<Contract> {
  const [deployer] = await ethers.getSigners();
  const { abi, bytecode } = compiled(`src/bridge/${name}.sol/${name}`);
  const logic = await (await ethers.getContractFactory([...abi.fragments], bytecode, deployer)).deploy(...args);
  const proxy = compiled("@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol/ERC1967Proxy");
  const factory = await ethers.getContractFactory([...proxy.abi.fragments], proxy.bytecode, deployer);
  const deployed = await factory.deploy(logic, abi.encodeFunctionData("initialize", init));
  return new Contract(await deployed.getAddress(), abi, deployer);
}

/** Deploys another Outbox of a chain. */
export const deployOutbox = (chain: ConnectionLike, bridge: Contract): Promise<Contract> =>
  behindProxy(chain, "Outbox", [], [bridge.target]);

/** Deploys Bridge, Inbox and Outbox of a new Nitro chain. */
export async function deployParent(chain: ConnectionLike): Promise<ParentContracts> {
  await chain.networkHelpers.impersonateAccount(PROVER);
  await chain.networkHelpers.setBalance(PROVER, 10n ** 24n);
  const prover = await chain.ethers.getSigner(PROVER);
  const bridge = await behindProxy(chain, "Bridge", [], [PROVER]);
  // The sequencer's Inbox is only noted by this one: what the sequencer posts is not looked at here.
  const inbox = await behindProxy(chain, "Inbox", [MAX_DATA_SIZE], [bridge.target, ZeroAddress]);
  const outbox = await deployOutbox(chain, bridge);
  await call(bridge, prover, "setDelayedInbox", inbox, true);
  await call(bridge, prover, "setOutbox", outbox, true);
  return { bridge, inbox, outbox, prover };
}

/** Puts the played ArbSys where the real one is. */
export async function placeArbSys({ ethers, networkHelpers }: ConnectionLike): Promise<Contract> {
  const standIn = await ethers.deployContract("ArbSysStandIn");
  await networkHelpers.setCode(ARB_SYS, await ethers.provider.getCode(standIn));
  return new Contract(ARB_SYS, standIn.interface, ethers.provider);
}

/** Sends a transaction to a contract, by somebody. */
export async function call(
  contract: Contract,
  signer: HardhatEthersSigner,
  method: string,
  ...args: unknown[]
): Promise<Hex> {
  const response = await contract
    .connect(signer)
    .getFunction(method)
    .send(...args);
  await response.wait();
  return response.hash;
}
