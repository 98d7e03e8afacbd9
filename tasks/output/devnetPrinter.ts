/** What `rollup:devnet` says: on stdout that it is ready, and with `--json` what happens; for people, on stderr, what happens. */
import { styleText } from "node:util";

import type { Devnet, DevnetEvent } from "../../src/devnet/startDevnet.ts";
import { layTable } from "./columns.ts";

/** What only people are told. */
export interface DevnetStory {
  readonly seconds: number;
  readonly addressesFile: string;
  readonly blockTime: number;
}

export interface DevnetPrinter {
  ready(devnet: Devnet, story: DevnetStory): void;
  tell(event: DevnetEvent): void;
  stopping(): void;
}

export function devnetPrinter(json: boolean): DevnetPrinter {
  const toStderr = (text: string): void => console.error(styleText("dim", clock(), { stream: process.stderr }), text);
  return {
    ready: (devnet, story) => console.log(json ? JSON.stringify(readyObject(devnet)) : readyText(devnet, story)),
    tell: (event) => (json ? console.log(JSON.stringify(event)) : toStderr(eventText(event))),
    stopping: () => {
      if (!json) toStderr("stopping");
    },
  };
}

/** The first line of `--json`. */
function readyObject({ addresses, relayerPid }: Devnet): Record<string, unknown> {
  const { settlement, rollups, devnet } = addresses;
  const chains = [{ name: "l1", chainId: settlement.chainId }, ...rollups];
  return {
    event: "ready",
    pid: devnet.pid,
    ...(relayerPid === undefined ? {} : { relayerPid }),
    chains: chains.map(({ name, chainId }) => ({ name, chainId, url: devnet.urls[name] })),
    operators: devnet.operators,
    examples: devnet.examples,
  };
}

function readyText({ addresses, relayerPid }: Devnet, { seconds, addressesFile, blockTime }: DevnetStory): string {
  const { settlement, rollups, devnet } = addresses;
  const chains = [{ name: "l1", chainId: settlement.chainId }, ...rollups];
  const table = layTable(
    [{ title: "chain" }, { title: "chain id", align: "right" }, { title: "URL" }],
    chains.map(({ name, chainId }) => [name, String(chainId), devnet.urls[name] ?? ""]),
  );
  const [first] = devnet.operators;
  const [from, to] = rollups.length === 1 ? chains : rollups;
  const blocks = blockTime === 0 ? "Each transaction gets a block at once." : `A block every ${blockTime} s.`;
  const relayer =
    relayerPid === undefined
      ? "No relayer runs: messages wait until somebody delivers them."
      : `The relayer is process ${relayerPid}.`;
  const file = addressesFile.includes(" ") ? `"${addressesFile}"` : addressesFile;
  const option = addressesFile === "parley.addresses.json" ? "" : ` --addresses ${file}`;
  return [
    `The devnet is ready after ${seconds.toFixed(1)} s. ${blocks}`,
    "",
    ...table.map((line) => `  ${line}`),
    "",
    `${devnet.operators.length} operators listen, the first at ${first?.url ?? ""}`,
    relayer,
    `On each chain a mailbox takes messages: ${devnet.examples.mailbox}`,
    `Addresses are in ${addressesFile}.`,
    "",
    "Send a message from another terminal:",
    `  npx hardhat message:send --from ${from?.name ?? ""} --to ${to?.name ?? ""} --text Hello${option}`,
    "Ctrl+C stops the devnet.",
  ].join("\n");
}

function eventText(event: DevnetEvent): string {
  switch (event.event) {
    case "sent":
      return `sent       ${lineOf(event)}`;
    case "delivered": {
      const gas = event.gas.toLocaleString("en-US");
      return `${green("delivered")}  ${lineOf(event)} in ${event.seconds.toFixed(1)} s (gas ${gas})`;
    }
    case "failed":
      return `${red("failed")}     ${lineOf(event)}: ${event.reason}`;
    case "relayer-ended":
      return `${red("relayer")}    its process ended (${event.reason}) and is started again in ${event.restartMs} ms`;
    case "relayer-restarted":
      return `relayer    runs again, process ${event.pid}`;
    case "problems":
      return event.problems.length === 0
        ? `${event.of}: no problems any more`
        : `${red("problem")}    ${event.of}: ${event.problems.join("; ")}`;
  }
}

function lineOf({ source, destination, nonce, id }: Extract<DevnetEvent, { nonce: number }>): string {
  return `${source} → ${destination} #${nonce} ${id}`;
}

const green = (text: string): string => styleText("green", text, { stream: process.stderr });
const red = (text: string): string => styleText("red", text, { stream: process.stderr });

const clock = (): string => new Date().toTimeString().slice(0, 8);
