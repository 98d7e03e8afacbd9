import { solidityPacked, ZeroAddress, type ContractRunner } from "ethers";

import { contractAt } from "./contractAt.ts";
import { IAllocationManager__factory } from "../../types/ethers-contracts/factories/interfaces/eigenlayer/IAllocationManager__factory.ts";
import { IKeyRegistrar__factory } from "../../types/ethers-contracts/factories/interfaces/eigenlayer/IKeyRegistrar__factory.ts";
import { IServiceManager__factory } from "../../types/ethers-contracts/factories/interfaces/IServiceManager__factory.ts";
import type { IServiceManager } from "../../types/ethers-contracts/interfaces/IServiceManager.ts";
import { aggregateG2Keys, SCHEME_BN254, type Hex } from "../wire/index.ts";
import { EIGENLAYER } from "./eigenlayer.ts";

/**
 * What the ServiceManager is sent to take a table of the operators as they are now. Of BN254 keys whoever has it taken brings the sum in
 * G2, which is reckoned here from what EigenLayer's KeyRegistrar has. Throws as the node does, and `wire/identity` if there is no operator.
 */
export async function snapshotCall(serviceManager: string, runner: ContractRunner): Promise<Hex> {
  const manager = contractAt(IServiceManager__factory, serviceManager, runner);
  if ((await manager.SCHEME()) !== BigInt(SCHEME_BN254)) return manager.interface.encodeFunctionData("snapshot");
  const digits = aggregateG2Keys(await keysInG2(serviceManager, manager, runner)).slice(2);
  const [xImaginary, xReal, yImaginary, yReal] = [0, 64, 128, 192].map((at) =>
    BigInt(`0x${digits.slice(at, at + 64)}`),
  );
  if (xImaginary === undefined || xReal === undefined || yImaginary === undefined || yReal === undefined) {
    throw new Error("a point of G2 has four coordinates");
  }
  return manager.interface.encodeFunctionData("snapshotBn254", [{ xImaginary, xReal, yImaginary, yReal }]);
}

/** The keys of those who would be in a table now. */
async function keysInG2(serviceManager: string, manager: IServiceManager, runner: ContractRunner): Promise<Hex[]> {
  const operatorSet = { avs: serviceManager, id: await manager.OPERATOR_SET_ID() };
  const registrar = contractAt(IKeyRegistrar__factory, EIGENLAYER.keyRegistrar, runner);
  const allocations = contractAt(IAllocationManager__factory, EIGENLAYER.allocationManager, runner);
  const [members, minWeight] = await Promise.all([allocations.getMembers(operatorSet), manager.MIN_WEIGHT()]);
  const weights = await manager.weightsOf([...members]);
  const keys = await Promise.all(
    members.map(async (operator, place) => {
      if ((weights[place] ?? 0n) < minWeight || (await manager.keyOf(operator)) === ZeroAddress) return [];
      const [, { X, Y }] = await registrar.getBN254Key(operatorSet, operator);
      return [solidityPacked(["uint256", "uint256", "uint256", "uint256"], [...X, ...Y])];
    }),
  );
  return keys.flat();
}
