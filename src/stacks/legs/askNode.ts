/** Methods that not every node answers, and what to do about it. */
import type { ConnectedMember } from "../../deployments/connect.ts";
import { ParleyError } from "../../errors.ts";

/** How nodes say that they do not know a method (JSON-RPC's -32601, and words of geth, Nethermind, Erigon, reth, Hardhat, gateways). */
const UNKNOWN_METHOD =
  /-32601|-32004|method .*(not found|not available|does not exist|not supported|not enabled|not allowed)|unsupported method|unknown method|method.* is not supported|not whitelisted/i;

/** How nodes say that they keep the state of a block no more (geth and op-geth, Nethermind, Erigon, reth, Nitro). */
const PRUNED =
  /missing trie node|historical state|state (is )?not available|state.* unavailable|no state available|state .*(pruned|not found)|pruned|too old|exceeds (the )?(maximum )?proof window|only \d+ blocks/i;

/** Asks a node. Throws `settle/no-method`, `settle/pruned-node`, and as the node does. */
export async function askNode(
  { name, at, provider }: Pick<ConnectedMember, "name" | "at" | "provider">,
  method: string,
  params: unknown[],
): Promise<unknown> {
  try {
    return await provider.send(method, params);
  } catch (cause) {
    const said = wordsOf(cause);
    if (PRUNED.test(said)) {
      throw new ParleyError(
        "settle/pruned-node",
        `The node of ${name} at ${at} keeps no state as old as ${method} needs it: ${said}`,
        `Name a node of ${name} in its network's \`url\` that keeps history (an archive node), or run this soon after the next proposal; then run this again.`,
        { cause },
      );
    }
    if (UNKNOWN_METHOD.test(said)) throw noMethod({ name, at }, method, said, cause);
    throw cause;
  }
}

/** A node that does not answer what its stack's nodes answer. */
export const noMethod = (
  { name, at }: Pick<ConnectedMember, "name" | "at">,
  method: string,
  said: string,
  cause?: unknown,
): ParleyError =>
  new ParleyError(
    "settle/no-method",
    `The node of ${name} at ${at} does not answer ${method}, which the proof is made by: ${said}`,
    `Name a node of ${name} in its network's \`url\` that does (the chain's own nodes do; some providers leave it out), then run this again.`,
    { cause },
  );

/** All that an error says, however deep libraries wrap what the node said. */
function wordsOf(error: unknown): string {
  const words = new Set<string>();
  const look = (value: unknown, depth: number): void => {
    if (typeof value !== "object" || value === null || depth > 4) return;
    const { message, code, error: inner, info, cause, data } = value as Record<string, unknown>;
    if (typeof message === "string") words.add(message);
    if (typeof code === "number") words.add(String(code));
    for (const nested of [inner, info, cause, data]) look(nested, depth + 1);
  };
  look(error, 0);
  return words.size === 0 ? String(error) : [...words].join("; ");
}
