import { Contract } from "ethers";

import type { ConnectedMember } from "../deployments/connect.ts";
import { ParleyError } from "../errors.ts";

const ERC20_METADATA = [
  "function name() view returns (string)",
  "function symbol() view returns (string)",
  "function decimals() view returns (uint8)",
];

/** What an ERC-20 says of itself. Throws `token/no-token`. */
export async function readToken(
  { name: member, provider }: ConnectedMember,
  address: string,
): Promise<{ readonly name: string; readonly symbol: string; readonly decimals: number }> {
  const token = new Contract(address, ERC20_METADATA, provider);
  const ask = async (method: string): Promise<unknown> => (await token.getFunction(method).staticCall()) as unknown;
  try {
    return {
      name: String(await ask("name")),
      symbol: String(await ask("symbol")),
      decimals: Number(await ask("decimals")),
    };
  } catch (cause) {
    throw new ParleyError(
      "token/no-token",
      `No ERC-20 with a name, a symbol and decimals is at ${address} on ${member}.`,
      "Give the address of the token where it lives, and that rollup's name as --home.",
      { cause },
    );
  }
}
