/** How the commands that work on a running fabric reach it. */
import "@nomicfoundation/hardhat-ethers";
import { existsSync } from "node:fs";
import path from "node:path";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { readAddresses } from "../src/deployments/addressesFile.ts";
import {
  connectFabric,
  type ConnectedFabric,
  type ConnectedMember,
  type NetworkOpener,
} from "../src/deployments/connect.ts";
import { ParleyError } from "../src/errors.ts";

/** Opens the fabric that an addresses file names. Throws `addresses/…`, and as `connectFabric` does. */
export async function connectByFile(hre: HardhatRuntimeEnvironment, file: string): Promise<ConnectedFabric> {
  const addresses = await readAddresses(path.resolve(hre.config.paths.root, file));
  if (addresses === undefined) {
    throw new ParleyError(
      "addresses/none",
      `There is no ${file}, which says where the rollups are.`,
      "Start a devnet with `npx hardhat rollup:devnet`, deploy with `npx hardhat rollup:deploy`, or name the file with --addresses.",
    );
  }
  return await connectFabric(addresses, networkOpener(hre));
}

/** The member of this name. `option` is the one that names it. Throws `member/unknown`. */
export function memberNamed(fabric: ConnectedFabric, name: string | undefined, option: string): ConnectedMember {
  const found = fabric.members.find((member) => member.name === name);
  if (found !== undefined) return found;
  const names = fabric.members.map((member) => member.name).join(", ");
  throw new ParleyError(
    "member/unknown",
    name === undefined ? `${option} is missing.` : `${option} names "${name}", which is none of the fabric's members.`,
    `Name one of them: ${names}.`,
  );
}

/** Builds the contracts if what the build generates from them is not there yet: the commands need it. */
export async function requireTypes(hre: HardhatRuntimeEnvironment): Promise<void> {
  // Beside `tasks/`: in this repository made by the build, in the published package shipped with it, as far as it is used.
  const file = `../types/ethers-contracts/factories/interfaces/IGateway__factory${path.extname(import.meta.url)}`;
  const generated = new URL(file, import.meta.url);
  if (!existsSync(generated)) await hre.tasks.getTask("build").run({ quiet: true, noTests: true });
}

/** Opens networks of the project's config: keystore and configured accounts work as they do everywhere in Hardhat. */
function networkOpener({ config, network }: HardhatRuntimeEnvironment): NetworkOpener {
  return async (name) => {
    if (config.networks[name] === undefined) {
      throw new ParleyError(
        "addresses/unknown-network",
        `The addresses file names the network "${name}", which the Hardhat config does not have.`,
        "Add it to `networks` again, or name another addresses file with --addresses.",
      );
    }
    const connection = await network.create({ network: name });
    const { ethers } = connection;
    return {
      at: `network "${name}"`,
      provider: ethers.provider,
      signer: async (from) => {
        const signers = await ethers.getSigners();
        const [first] = signers;
        if (first === undefined) {
          throw new ParleyError(
            "account/none",
            `Network "${name}" has no account.`,
            "Give it `accounts` in the Hardhat config, for example by the keystore.",
          );
        }
        if (from === undefined) return first;
        const found = signers.find(({ address }) => address.toLowerCase() === from.toLowerCase());
        if (found !== undefined) return found;
        throw new ParleyError(
          "account/unknown",
          `Network "${name}" has no key of ${from}.`,
          `Use one of its accounts: ${signers.map(({ address }) => address).join(", ")}.`,
        );
      },
      close: () => connection.close(),
    };
  };
}
