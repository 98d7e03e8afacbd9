/** The ports of a devnet. */
import { createServer } from "node:net";

import { ParleyError } from "../errors.ts";

/** It serves this machine alone: whoever reaches it controls it. */
export const HOST = "127.0.0.1";

export interface DevnetPorts {
  readonly l1: number;
  readonly rollups: readonly number[];
  readonly operators: number;
}

const LAST_PORT = 65_535;

/** Consecutive ports from `first` on: L1, the rollups, the operators. From 0: all 0, given by the system. Throws `devnet/bad-port`. */
export function planPorts(first: number, rollups: number): DevnetPorts {
  const last = first + rollups + 1;
  if (first < 0 || last > LAST_PORT) {
    throw new ParleyError(
      "devnet/bad-port",
      `A devnet of ${rollups} rollups needs ports ${first} to ${last}, which are not all between 0 and ${LAST_PORT}.`,
      "Give a lower first port with --port; 0 takes any that are free.",
    );
  }
  const port = (index: number): number => (first === 0 ? 0 : first + index);
  return {
    l1: port(0),
    rollups: Array.from({ length: rollups }, (_, index) => port(1 + index)),
    operators: port(1 + rollups),
  };
}

/** Throws `devnet/port-in-use` if another process listens on one of these. */
export async function requireFree({ l1, rollups, operators }: DevnetPorts): Promise<void> {
  for (const port of [l1, ...rollups, operators]) await requireFreePort(port);
}

async function requireFreePort(port: number): Promise<void> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, HOST, resolve);
    });
  } catch (cause) {
    throw portError(port, cause);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

/** What is told of a port on which one cannot listen: `devnet/port-in-use`, or `devnet/port-refused`. */
export function portError(port: number, cause: unknown): ParleyError {
  const isTaken = cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE";
  return new ParleyError(
    isTaken ? "devnet/port-in-use" : "devnet/port-refused",
    isTaken
      ? `Port ${port} of ${HOST} is in use.`
      : `This process may not listen on port ${port} of ${HOST}: ${String(cause)}`,
    "Stop what listens there, perhaps another devnet, or give another first port with --port; 0 takes any that are free.",
    { cause },
  );
}
