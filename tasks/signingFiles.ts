/** The files in which an operator of this project keeps what it signed. */
import path from "node:path";

import { getAddress, isAddress } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { OPERATOR_SETTINGS } from "../src/agents/operating/operatorSettings.ts";
import type { SigningIdentity } from "../src/agents/signing/identity.ts";
import { readAddresses } from "../src/deployments/addressesFile.ts";
import { ParleyError } from "../src/errors.ts";
import { readSettings } from "../src/service/settings.ts";

/** The store that the flag, the environment or the config names. Throws `settings/invalid`. */
export function storeFile(hre: HardhatRuntimeEnvironment, flag: string | undefined): string {
  const { store } = OPERATOR_SETTINGS;
  const config = hre.config.parley.services.operator;
  const settings = readSettings("operator", { store }, { flags: { store: flag }, environment: process.env, config });
  return path.resolve(hre.config.paths.root, settings.store);
}

/** Whose store it is to be: of this key, and the deployment that the addresses file names. Throws `signing/key-id`, `addresses/…`. */
export async function identityOf(
  hre: HardhatRuntimeEnvironment,
  addressesFile: string,
  keyId: string,
): Promise<SigningIdentity> {
  const isKey: boolean = isAddress(keyId);
  if (!isKey) {
    throw new ParleyError(
      "signing/key-id",
      `"${keyId}" is no key's address.`,
      "Give it as operator:keygen printed it.",
    );
  }
  const addresses = await readAddresses(path.resolve(hre.config.paths.root, addressesFile));
  if (addresses === undefined) {
    throw new ParleyError(
      "addresses/none",
      `There is no ${addressesFile}, which says for which deployment the operator signs.`,
      "Name the file with --addresses.",
    );
  }
  const { chainId, contracts } = addresses.settlement;
  return { settlementChainId: BigInt(chainId), serviceManager: contracts.serviceManager, keyId: getAddress(keyId) };
}
