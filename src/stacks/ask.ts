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
    if (isError(error, "CALL_EXCEPTION") || isError(error, "BAD_DATA")) return undefined;
    throw error;
  }
}
