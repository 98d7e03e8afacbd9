/** Operators that can go, and come back with what they signed: in this process, or as `npx hardhat operator:run`. */
import { createServer, type AddressInfo } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { SigningKey, Wallet } from "ethers";

import { FileSigningStore, HttpOperator, Operator, type OperatorClient } from "../../src/agents/index.ts";
import { serveOperators, type OperatorServer } from "../../src/agents/http/operatorServer.ts";
import { writeKeystore } from "../../src/operators/keystore.ts";
import { recordedOperator, type SignedAnswer } from "../../src/testing/faults/index.ts";
import type { Fabric } from "../../src/testing/fabric.ts";
import { relayedMembers } from "../../src/testing/fabricAgents.ts";
import type { DevnetOperator } from "../../src/testing/operators.ts";
import { Child } from "./children.ts";

const HOST = "127.0.0.1";
const PASSWORD = "for simulated chains alone";
const LIGHT_SCRYPT = 1_024;

/** The operator itself, behind what relayers see of it. */
export interface Back {
  come(): Promise<OperatorClient>;
  go(): Promise<void>;
}

/** An operator that may be gone, at a URL that stays; everything it signs is written down. */
export class SoakOperator {
  readonly address: string;
  readonly #name: string;
  #server: OperatorServer | undefined;
  #back: Back | undefined;
  #client: OperatorClient | undefined;

  constructor({ name, keyAddress }: DevnetOperator) {
    this.#name = name;
    this.address = keyAddress;
  }

  /** Opens what relayers see of it. It answers nobody until it comes. */
  async open(onSigned: (answer: SignedAnswer) => void): Promise<void> {
    const front: OperatorClient = {
      address: this.address,
      certify: async (checkpoints) => {
        if (this.#client === undefined) throw new Error(`${this.#name} is gone`);
        return await this.#client.certify(checkpoints);
      },
    };
    const served = [{ path: "", operator: recordedOperator(front, this.#name, onSigned) }];
    this.#server = await serveOperators({ operators: served }, { host: HOST, port: 0 });
  }

  get url(): string {
    if (this.#server === undefined) throw new Error(`${this.#name} is not open`);
    return this.#server.url;
  }

  /** Comes for the first time, as this. */
  async begin(back: Back): Promise<void> {
    this.#back = back;
    await this.come();
  }

  async come(): Promise<void> {
    if (this.#back === undefined) throw new Error(`${this.#name} has not begun`);
    this.#client = await this.#back.come();
  }

  async go(): Promise<void> {
    this.#client = undefined;
    await this.#back?.go();
  }

  async close(): Promise<void> {
    await this.go();
    await this.#server?.close();
  }
}

/** The operator's file of signed words. */
const storeOf = (folder: string, { name }: DevnetOperator): string => path.join(folder, `${name}.jsonl`);

/** An operator in this process. */
export function backHere(operator: DevnetOperator, fabric: Fabric, folder: string): Back {
  let store: FileSigningStore | undefined;
  return {
    come: async () => {
      store = await FileSigningStore.open(storeOf(folder, operator));
      const [{ chainId }] = fabric.members;
      const domain = { settlementChainId: chainId, serviceManager: fabric.contracts.serviceManager };
      return new Operator({ nodes: relayedMembers(fabric), domain, key: operator.key, store });
    },
    go: async () => {
      await store?.close();
      store = undefined;
    },
  };
}

/** An operator in a process of its own, which is killed with -9 when it goes. */
export async function backApart(operator: DevnetOperator, addresses: string, folder: string): Promise<Back> {
  const key = path.join(folder, `${operator.name}.key.json`);
  if (!(operator.key instanceof SigningKey)) throw new Error("operators of the soak have ECDSA keys");
  await writeKeystore(key, new Wallet(operator.key), PASSWORD, { scryptN: LIGHT_SCRYPT });
  const port = await freePort();
  const options = ["--key", key, "--store", storeOf(folder, operator), "--port", String(port), "--log-level", "error"];
  const child = new Child(["operator:run", "--addresses", addresses, ...options], { PARLEY_KEY_PASSWORD: PASSWORD });
  return {
    come: async () => {
      child.start();
      const url = `http://${HOST}:${port}`;
      while (!(await answers(`${url}/health`))) {
        child.requireAlive();
        await sleep(200);
      }
      return new HttpOperator({ address: operator.keyAddress, url });
    },
    go: () => child.kill(),
  };
}

async function answers(url: string): Promise<boolean> {
  return await fetch(url).then(
    (response) => response.status < 500,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
