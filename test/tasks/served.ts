/** The embedded fabric as another process meets it: chains and operators over HTTP, and an addresses file that names them. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { config } from "hardhat";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import type { HardhatUserConfig } from "hardhat/types/config";

import userConfig from "../../hardhat.config.ts";
import { formatAnswer, parseRequest } from "../../src/agents/http/certifyMessages.ts";
import type { OperatorClient, Relayer } from "../../src/agents/index.ts";
import type { Addresses } from "../../src/deployments/addresses.ts";
import { writeAddresses } from "../../src/deployments/addressesFile.ts";
import { deployMailboxes } from "../../src/devnet/mailbox.ts";
import { deploymentOf } from "../../src/testing/deploymentOf.ts";
import type { ChainProvider } from "../../src/testing/eigenlayer.ts";
import { createAgents } from "../../src/testing/fabricAgents.ts";
import type { FabricMember } from "../../src/testing/fabric.ts";
import type { ParleyUserConfig } from "../../tasks/config/types.ts";
import { startEmbedded, type Embedded } from "../e2e/embedded.ts";

/** An address at which nothing is. */
export const NOBODY = "0x5656565656565656565656565656565656565656";

export interface Served extends Embedded {
  /** Works on the chains directly, as a devnet's own does. New for each test. */
  readonly relayer: Relayer;
  /** In the order of their URLs; a test may put others in their places. New for each test. */
  readonly operators: OperatorClient[];
  /** JSON-RPC methods that the chains refuse, with this text. Empty for each test. */
  readonly broken: Map<string, string>;
  /** URL of each chain, by its name, and of each operator. */
  readonly urls: Readonly<Record<string, string>>;
  readonly operatorUrls: readonly string[];
  readonly addresses: Extract<Addresses, { chains: "devnet" }>;
  readonly folder: string;
  /** The addresses file. */
  readonly file: string;
}

/** What a command came to. */
export interface Run {
  /** Parsed from the one line of JSON that was printed; undefined if nothing was. */
  readonly result: unknown;
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  /** The error's text, empty if the task resolved. */
  readonly error: string;
}

/** Serves a fabric for the tests of this `describe`, and brings it back before each. */
export function useServed(user: ParleyUserConfig = {}): Served {
  let served: Served | undefined;
  const snapshots = new Map<FabricMember, unknown>();
  const save = async (members: readonly FabricMember[]): Promise<void> => {
    for (const member of members) {
      snapshots.set(member, await member.provider.request({ method: "evm_snapshot", params: [] }));
    }
  };
  before(async () => {
    served = await serve(user);
    await served.fabric.finalize();
    await save(served.fabric.members);
  });
  beforeEach(async () => {
    const { fabric } = served!;
    for (const [member, snapshot] of snapshots) {
      await member.provider.request({ method: "evm_revert", params: [snapshot] });
    }
    await save(fabric.members);
    const agents = createAgents(fabric);
    served = { ...served!, relayer: agents.relayer };
    served.broken.clear();
    served.operators.splice(0, Infinity, ...agents.operators);
  });
  after(() => served?.close());
  return new Proxy({} as Served, { get: (_, name) => Reflect.get(served!, name) as unknown });
}

async function serve(user: ParleyUserConfig): Promise<Served> {
  const embedded = await startEmbedded(user);
  const { fabric } = embedded;
  const agents = createAgents(fabric);
  const { relayer } = agents;
  const operators = [...agents.operators];
  const broken = new Map<string, string>();
  const chains = new Map(fabric.members.map(({ name, provider }) => [`/${name}`, provider]));
  const server = createServer((request, response) => {
    void answer(request, chains, operators, broken).then(
      (body) => response.setHeader("content-type", "application/json").end(body),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const urls = Object.fromEntries(fabric.members.map(({ name }) => [name, `${url}/${name}`]));
  const operatorUrls = operators.map((_, place) => `${url}/operators/${place}`);
  const folder = await mkdtemp(path.join(os.tmpdir(), "parley-messages-"));
  const file = path.join(folder, "addresses.json");
  const { address: mailbox } = await deployMailboxes(fabric.members);
  const addresses: Served["addresses"] = {
    version: 1,
    chains: "devnet",
    ...deploymentOf(fabric),
    devnet: {
      pid: process.pid,
      urls,
      operators: operators.map(({ address }, place) => ({ address, url: operatorUrls[place]! })),
      examples: { mailbox },
    },
  };
  await writeAddresses(file, addresses);
  const close = async (): Promise<void> => {
    await closeServer(server);
    await embedded.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...embedded, relayer, operators, broken, urls, operatorUrls, addresses, folder, file, close };
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

async function answer(
  request: IncomingMessage,
  chains: ReadonlyMap<string, ChainProvider>,
  operators: readonly OperatorClient[],
  broken: ReadonlyMap<string, string>,
): Promise<string> {
  const url = request.url ?? "";
  const body: unknown = request.method === "GET" ? undefined : JSON.parse(await textOf(request));
  const chain = chains.get(url);
  if (chain !== undefined) {
    const calls = Array.isArray(body) ? (body as RpcCall[]) : [body as RpcCall];
    const answers = await Promise.all(calls.map((call) => answerCall(chain, call, broken)));
    return JSON.stringify(Array.isArray(body) ? answers : answers[0]);
  }
  const operator = operators[Number(/^\/operators\/(\d+)\//.exec(url)?.[1])];
  if (operator === undefined) throw new Error(`nothing is at ${url}`);
  if (url.endsWith("/v1/health")) return JSON.stringify({ status: "ok", address: operator.address });
  return formatAnswer(await operator.certify(parseRequest(body)));
}

interface RpcCall {
  readonly id: number;
  readonly method: string;
  readonly params?: unknown[];
}

async function answerCall(
  chain: ChainProvider,
  { id, method, params }: RpcCall,
  broken: ReadonlyMap<string, string>,
): Promise<unknown> {
  try {
    const defect = broken.get(method);
    if (defect !== undefined) throw new Error(defect);
    return { jsonrpc: "2.0", id, result: await chain.request({ method, params: params ?? [] }) };
  } catch (error) {
    const { message, code, data } = error as { message?: string; code?: number; data?: unknown };
    return { jsonrpc: "2.0", id, error: { code: code ?? -32_000, message: message ?? String(error), data } };
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** The code and text of the error in what a command said. */
export const codeOf = ({ error }: Pick<Run, "error">): string | undefined => /\[([a-z-]+\/[a-z-]+)\]/.exec(error)?.[1];

/** Runs a task in a project like this one, as the command line does, with `--json` unless told otherwise; services have none. */
export async function runTask(
  task: string,
  args: Readonly<Record<string, unknown>>,
  user: HardhatUserConfig = {},
): Promise<Run> {
  const given: Readonly<Record<string, unknown>> = task.endsWith(":run") ? args : { json: true, ...args };
  const hre = await createHardhatRuntimeEnvironment({ ...userConfig, ...user }, {}, config.paths.root);
  const printed = { log: [] as string[], error: [] as string[] };
  const { log, error: logError } = console;
  const { exitCode } = process;
  console.log = (text: string) => void printed.log.push(text);
  console.error = (text: string) => void printed.error.push(text);
  let error = "";
  try {
    await hre.tasks.getTask(task).run(given);
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.message : String(thrown);
  } finally {
    console.log = log;
    console.error = logError;
  }
  const code = error === "" ? Number(process.exitCode ?? 0) : 1;
  process.exitCode = exitCode;
  const stdout = printed.log.join("\n");
  const isJson = stdout !== "" && given["json"] === true;
  return {
    result: isJson ? JSON.parse(stdout) : undefined,
    stdout,
    stderr: printed.error.join("\n"),
    exitCode: code,
    error,
  };
}
