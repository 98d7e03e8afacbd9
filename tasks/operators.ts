import type { OperatorClient } from "../src/agents/operatorClient.ts";
import { openOperator } from "../src/agents/http/openOperator.ts";
import type { ConnectedFabric } from "../src/deployments/connect.ts";

/** The operators at these URLs (`--operators`), or, if none are given, those that the addresses file names. */
export async function operatorsOf(
  fabric: ConnectedFabric,
  urls: string | undefined,
): Promise<readonly OperatorClient[]> {
  if (urls === undefined) return fabric.operators;
  const listed = urls.split(",").filter((url) => url.trim() !== "");
  return await Promise.all(listed.map((url) => openOperator(url.trim())));
}
