import type { BaseContract, Result } from "ethers";

/** What a call to a contract came to. A refusal's `error` is the custom error's name, or empty if there is none. */
export type Outcome<T> =
  | { readonly accepted: true; readonly value: T }
  | { readonly accepted: false; readonly error: string; readonly args: Result | undefined };

/** JSON-RPC's code of a call that reverted. */
const REVERTED = 3;

/** Awaits a call, and tells a revert from a value; any other error passes through. */
export async function outcomeOf<T>(contract: BaseContract, call: Promise<T>): Promise<Outcome<T>> {
  try {
    return { accepted: true, value: await call };
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === REVERTED && "data" in error)) throw error;
    const data = String(error.data);
    const parsed = data === "0x" ? null : contract.interface.parseError(data);
    return { accepted: false, error: parsed?.name ?? "", args: parsed?.args };
  }
}

/** The name of the error with which a call reverts; undefined if it does not. */
export async function refusalOf(contract: BaseContract, call: Promise<unknown>): Promise<string | undefined> {
  const outcome = await outcomeOf(contract, call);
  return outcome.accepted ? undefined : outcome.error;
}
