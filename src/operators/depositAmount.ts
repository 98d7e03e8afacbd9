import { Contract, parseUnits } from "ethers";

import { contractAt } from "../chain/contractAt.ts";
import { IServiceManager__factory } from "../../types/ethers-contracts/factories/interfaces/IServiceManager__factory.ts";
import { IStrategy__factory } from "../../types/ethers-contracts/factories/interfaces/eigenlayer/IStrategy__factory.ts";
import type { SettlementAccess } from "../agents/relaying/types.ts";
import { ParleyError } from "../errors.ts";

/** An amount in whole tokens of the first strategy that counts, in the token's smallest unit. Throws `operator/bad-deposit`. */
export async function depositAmount(text: string, { serviceManager, signer }: SettlementAccess): Promise<bigint> {
  const [strategies] = await contractAt(IServiceManager__factory, serviceManager, signer).strategies();
  const [strategy] = strategies;
  if (strategy === undefined) throw new Error("a ServiceManager has a strategy");
  const token = await contractAt(IStrategy__factory, strategy, signer).underlyingToken();
  const decimals = new Contract(token, ["function decimals() view returns (uint8)"], signer).getFunction("decimals");
  const places = BigInt(String(await decimals.staticCall()));
  try {
    const amount = parseUnits(text, places);
    if (amount > 0n) return amount;
  } catch {
    // Told below.
  }
  throw new ParleyError(
    "operator/bad-deposit",
    `--deposit is "${text}".`,
    `Give an amount of tokens above zero, with at most ${places} decimals: 32 or 0.5.`,
  );
}
