/** Reaching a chain: whether its node answers, and is one of the chain that it should be. */
import { ParleyError } from "../errors.ts";

/** A node that is asked for JSON-RPC methods by name; ethers' `JsonRpcProvider` and hardhat-ethers' provider are ones. */
export interface RpcClient {
  send(method: string, params: unknown[]): Promise<unknown>;
}

/** A chain, and the node by which it should be reached. */
export interface NamedChain {
  /** `l1`, or the rollup's name. */
  readonly name: string;
  /** Where its node is, for people: a URL without what is secret of it, or the name of a network. */
  readonly at: string;
  readonly chainId: bigint;
  readonly provider: RpcClient;
}

const TIMEOUT = 10_000;

/**
 * Resolves if the node answers and is one of the chain. Throws `chain/unreachable`, `chain/wrong-chain`.
 * @param timeout Milliseconds.
 */
export async function requireReachable(chain: NamedChain, timeout = TIMEOUT): Promise<void> {
  const { name, at, chainId } = chain;
  const found = await askChainId(chain, timeout);
  if (found === chainId) return;
  throw new ParleyError(
    "chain/wrong-chain",
    `The node of ${name} at ${at} is one of chain ${found}, but ${name} is chain ${chainId}.`,
    "Correct the network's URL, or name the addresses file of the deployment you mean with --addresses.",
  );
}

/**
 * The id of the chain whose node it is. Throws `chain/unreachable`.
 * @param timeout Milliseconds.
 */
export async function askChainId(
  { name, at, provider }: Pick<NamedChain, "name" | "at" | "provider">,
  timeout = TIMEOUT,
): Promise<bigint> {
  try {
    return BigInt(String(await within(timeout, provider.send("eth_chainId", []))));
  } catch (cause) {
    throw new ParleyError(
      "chain/unreachable",
      `The node of ${name} at ${at} does not answer: ${cause instanceof Error ? cause.message : String(cause)}`,
      "Start it, or correct its URL; a devnet is started by `npx hardhat rollup:devnet`.",
      { cause },
    );
  }
}

async function within<T>(timeout: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeout} ms`)), timeout);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
