/** Salts at the deployment proxy. They are part of the addresses: never change one. */
import { AbiCoder, id, keccak256 } from "ethers";

import type { DeploySettings } from "./settings.ts";

const salted = (name: string, type: string, value: unknown): string =>
  keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", type], [id(name), value]));

/** By what operators sign with. */
const SETTLEMENT = { ecdsa: "parley.settlement.v1", bn254: "parley.settlement.bn254.v1" } as const;

export const SALT = {
  gatewayDeployer: id("parley.gatewayDeployer.v1"),
  tableFactory: id("parley.tableFactory.v1"),
  serviceManager: id("parley.serviceManager.v1"),
  devnetToken: id("parley.devnetToken.v1"),
  /** By all settings that are fixed for good: what differs in one of them is another fabric, at other addresses. */
  settlement: (settings: DeploySettings, strategies: readonly string[], multipliers: readonly bigint[]): string => {
    const { weightFloor, minWeight, minOperators, bond, tableAge, minInterval, metadataURI } = settings;
    const type = "tuple(address[], uint256[], uint256, uint256, uint256, uint256, uint256, uint256, string)";
    return salted(SETTLEMENT[settings.keyType], type, [
      strategies,
      multipliers,
      weightFloor,
      minWeight,
      minOperators,
      bond,
      tableAge,
      minInterval,
      metadataURI,
    ]);
  },
  l1Bridge: (chainId: bigint): string => salted("parley.l1Bridge.v1", "uint256", chainId),
} as const;
