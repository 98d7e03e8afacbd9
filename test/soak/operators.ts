/** Operators behind HTTP, each with its signing store in a file: they can go, and come back with what they signed. */
import path from "node:path";

import { FileSigningStore, HttpOperator, Operator, type OperatorClient } from "../../src/agents/index.ts";
import { serveOperators, type OperatorServer } from "../../src/agents/http/operatorServer.ts";
import { recordedOperator, type SignedAnswer } from "../../src/testing/faults/index.ts";
import type { Fabric } from "../../src/testing/fabric.ts";
import { relayedMembers } from "../../src/testing/fabricAgents.ts";

/** An operator that may be gone. */
export class SoakOperator {
  readonly #place: number;
  readonly #fabric: Fabric;
  readonly #folder: string;
  readonly #onSigned: (answer: SignedAnswer) => void;
  #running: { readonly server: OperatorServer; readonly store: FileSigningStore } | undefined;
  #port = 0;

  constructor(place: number, fabric: Fabric, folder: string, onSigned: (answer: SignedAnswer) => void) {
    this.#place = place;
    this.#fabric = fabric;
    this.#folder = folder;
    this.#onSigned = onSigned;
  }

  /** Where it is, while it is there. */
  get client(): HttpOperator {
    return new HttpOperator({ address: this.#operator.keyAddress, url: `http://127.0.0.1:${this.#port}` });
  }

  /** Begins, or begins again with what it signed before. */
  async come(): Promise<void> {
    const { name, key } = this.#operator;
    const { contracts, members } = this.#fabric;
    const store = await FileSigningStore.open(path.join(this.#folder, `${name}.jsonl`));
    const domain = { settlementChainId: members[0].chainId, serviceManager: contracts.serviceManager };
    const operator: OperatorClient = recordedOperator(
      new Operator({ nodes: relayedMembers(this.#fabric), domain, key, store }),
      name,
      this.#onSigned,
    );
    const server = await serveOperators(
      { operators: [{ path: "", operator }] },
      { host: "127.0.0.1", port: this.#port },
    );
    this.#port = Number(new URL(server.url).port);
    this.#running = { server, store };
  }

  async go(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.server.close();
    await running?.store.close();
  }

  get #operator(): Fabric["operators"][number] {
    const operator = this.#fabric.operators[this.#place];
    if (operator === undefined) throw new Error("the fabric has this operator");
    return operator;
  }
}
