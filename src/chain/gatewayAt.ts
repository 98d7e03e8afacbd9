import { Contract, type ContractRunner } from "ethers";

import { interfaceOf } from "./contractAt.ts";
import { IGateway__factory } from "../../types/ethers-contracts/factories/interfaces/IGateway__factory.ts";
import type { IGateway } from "../../types/ethers-contracts/interfaces/IGateway.ts";

// A factory has ethers read the whole ABI again for each contract: milliseconds, where a step of a relayer asks for thousands.
const GATEWAY = interfaceOf(IGateway__factory);

/** The Gateway at an address, through a node or an account on one. */
export const gatewayAt = (address: string, runner: ContractRunner): IGateway =>
  new Contract(address, GATEWAY, runner) as unknown as IGateway;
