import { Contract, FunctionFragment, isError, type Provider } from "ethers";

/** What a contract answers to a function of one result; undefined if it has none such. Throws as the node does. */
export async function ask(
  reader: Provider,
  address: string,
  signature: string,
  ...args: readonly unknown[]
): Promise<string | undefined> {
  const fragment = FunctionFragment.from(signature);
  try {
    return String(await new Contract(address, [fragment], reader).getFunction(fragment).staticCall(...args));
  } catch (error) {
    if (isError(error, "BAD_DATA") || isRevert(error)) return undefined;
    throw error;
  }
}

/** Whether a node says that a call failed; Hardhat's own providers say so in words alone. */
const isRevert = (error: unknown): boolean =>
  isError(error, "CALL_EXCEPTION") ||
  (error instanceof Error && /\b(revert(ed)?|invalid opcode|out of gas)\b/i.test(error.message));
