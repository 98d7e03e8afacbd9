/** What `rollup:deploy` did, as data and as text. */
import type { Deployment } from "../../src/deployments/deployment.ts";
import { layTable } from "./columns.ts";

/** The one JSON object of `--json`. */
export interface DeployResult extends Deployment {
  readonly messages: readonly MessageResult[];
}

export interface MessageResult {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly status: "delivered";
  /** Of the sending transaction, and of the delivering one. */
  readonly gas: { readonly send: number; readonly deliver: number };
}

/** What only people are told. Seconds. */
export interface DeployStory {
  readonly operators: number;
  readonly quorumBps: number;
  readonly seconds: { readonly build: number; readonly deploy: number; readonly messages: number };
  readonly addressesFile: string;
}

/** How a piece of text is set off on a terminal; on anything else it stays as it is. */
export type Paint = (style: "bold" | "dim" | "green", text: string) => string;

/** The text for a person. */
export function describeDeployment(result: DeployResult, story: DeployStory, paint: Paint): string {
  return [
    ...section("Contracts", contractTable(result), paint),
    "",
    ...section("Messages", messageTable(result), paint).map((line) =>
      line.replace("delivered", paint("green", "delivered")),
    ),
    "",
    `${story.operators} operators of equal weight; a quorum is more than ${story.quorumBps / 100} % of it.`,
    timeLine(story),
    `Addresses are in ${story.addressesFile}.`,
  ].join("\n");
}

function section(title: string, [titles, ...rows]: readonly string[], paint: Paint): string[] {
  return [paint("bold", title), `  ${paint("dim", titles ?? "")}`, ...rows.map((row) => `  ${row}`)];
}

const ROLES: Readonly<Record<string, string>> = {
  settlement: "Settlement",
  serviceManager: "ServiceManager",
  gateway: "Gateway",
  bridge: "bridge",
  l1Bridge: "bridge, L1's end",
  tableFactory: "table factory",
  gatewayDeployer: "Gateway deployer",
  strategy: "strategy",
  token: "staked token",
};

function contractTable({ settlement, rollups }: DeployResult): string[] {
  const l1Bridges = rollups.map(({ name, l1Bridge }) => [`bridge to ${name}`, l1Bridge] as const);
  const chains = [
    {
      chain: "l1",
      chainId: settlement.chainId,
      contracts: [...named(settlement.contracts, Object.keys(ROLES)), ...l1Bridges],
    },
    ...rollups.map((rollup) => ({
      chain: rollup.name,
      chainId: rollup.chainId,
      contracts: named(rollup, ["gateway", "bridge", "tableFactory", "gatewayDeployer"]),
    })),
  ];
  const rows = chains.flatMap(({ chain, chainId, contracts }) =>
    contracts.map(([role, address], index) =>
      index === 0 ? [chain, String(chainId), role, address] : ["", "", role, address],
    ),
  );
  return layTable(
    [{ title: "chain" }, { title: "chain id", align: "right" }, { title: "contract" }, { title: "address" }],
    rows,
  );
}

function named(contracts: Readonly<Record<string, unknown>>, keys: readonly string[]): (readonly [string, string])[] {
  return keys.flatMap((key) => {
    const address = contracts[key];
    return typeof address === "string" ? [[ROLES[key] ?? key, address] as const] : [];
  });
}

function messageTable({ messages }: DeployResult): string[] {
  return layTable(
    [
      { title: "from" },
      { title: "to" },
      { title: "status" },
      { title: "gas to send", align: "right" },
      { title: "gas to deliver", align: "right" },
      { title: "id" },
    ],
    messages.map(({ id, from, to, status, gas }) => [from, to, status, grouped(gas.send), grouped(gas.deliver), id]),
  );
}

function timeLine({ seconds: { build, deploy, messages } }: DeployStory): string {
  const [all, ...parts] = [build + deploy + messages, build, deploy, messages].map((value) => `${value.toFixed(1)} s`);
  return `Took ${all ?? ""}: ${parts[0] ?? ""} to build, ${parts[1] ?? ""} to deploy, ${parts[2] ?? ""} to pass the messages.`;
}

const grouped = (value: number): string => value.toLocaleString("en-US");
