import { expect } from "chai";

import type { OperatorClient } from "../../../../src/agents/index.ts";
import { ParleyError } from "../../../../src/errors.ts";
import type { ChainProvider } from "../../../../src/testing/eigenlayer.ts";
import {
  faultOf,
  faultyCalls,
  faultyOperator,
  faultyProvider,
  NO_CALL_FAULTS,
  type CallFault,
  type CallFaultEvent,
} from "../../../../src/testing/faults/index.ts";

const always = (fault: CallFault): typeof NO_CALL_FAULTS => ({ ...NO_CALL_FAULTS, [fault]: 1 });

describe("Faulty calls", () => {
  /** A node that answers with the number of the request, and what it was asked. */
  function counting(): { node: ChainProvider; asked: string[] } {
    const asked: string[] = [];
    const request: ChainProvider["request"] = async ({ method }) => asked.push(method);
    return { node: { request }, asked };
  }

  const codeOf = async (call: Promise<unknown>): Promise<unknown> => {
    const outcome = await call.catch((error: unknown) => error);
    return outcome instanceof ParleyError ? outcome.code : outcome;
  };

  it("drop: the request never arrives", async () => {
    const { node, asked } = counting();
    const faulty = faultyProvider(node, { seed: 1, to: "node", rates: () => always("drop") });
    expect(await codeOf(faulty.request({ method: "eth_call" }))).to.equal("faults/dropped");
    expect(asked).to.deep.equal([]);
  });

  it("lose: the request has its effect, and nobody hears of it", async () => {
    const { node, asked } = counting();
    const faulty = faultyProvider(node, { seed: 1, to: "node", rates: () => always("lose") });
    expect(await codeOf(faulty.request({ method: "eth_call" }))).to.equal("faults/lost");
    expect(asked).to.deep.equal(["eth_call"]);
  });

  it("duplicate: the request arrives twice, and the first answer counts, whatever comes of the second", async () => {
    const { node, asked } = counting();
    const faulty = faultyProvider(node, { seed: 1, to: "node", rates: () => always("duplicate") });
    expect(await faulty.request({ method: "eth_call" })).to.equal(1);
    expect(asked).to.deep.equal(["eth_call", "eth_call"]);
    const once: ChainProvider["request"] = async (args) => {
      if (asked.length > 2) throw new Error("already known");
      return await node.request(args);
    };
    const second = faultyProvider({ request: once }, { seed: 1, to: "node", rates: () => always("duplicate") });
    expect(await second.request({ method: "eth_sendRawTransaction" })).to.equal(3);
  });

  it("reorder: the answer comes after that to a later request; and comes if there is no later one", async () => {
    const { node } = counting();
    let isFirst = true;
    const rates = (): typeof NO_CALL_FAULTS => {
      const now = isFirst ? always("reorder") : NO_CALL_FAULTS;
      isFirst = false;
      return now;
    };
    const faulty = faultyProvider(node, { seed: 1, to: "node", rates });
    const answers: unknown[] = [];
    await Promise.all(["first", "second"].map(async (method) => answers.push(await faulty.request({ method }))));
    expect(answers).to.deep.equal([2, 1]);
    isFirst = true;
    expect(await faulty.request({ method: "third" })).to.equal(3);
  });

  it("delay: the answer comes late, and is the same", async () => {
    const { node } = counting();
    let isFirst = true;
    const rates = (): typeof NO_CALL_FAULTS => {
      const now = isFirst ? always("delay") : NO_CALL_FAULTS;
      isFirst = false;
      return now;
    };
    const faulty = faultyProvider(node, { seed: 1, to: "node", rates });
    const answers: unknown[] = [];
    const late = faulty.request({ method: "first" }).then((answer) => answers.push(answer));
    answers.push(await faulty.request({ method: "second" }));
    await late;
    expect(answers).to.deep.equal([2, 1]);
  });

  it("strikes the n-th call of a kind as the seed says: the same on each run, and others for other seeds", async () => {
    const rates = { drop: 0.1, lose: 0.1, duplicate: 0.1, reorder: 0, delay: 0 };
    const run = async (seed: number): Promise<CallFaultEvent[]> => {
      const events: CallFaultEvent[] = [];
      const { node } = counting();
      const faulty = faultyProvider(node, {
        seed,
        to: "node",
        rates: () => rates,
        onFault: (event) => events.push(event),
      });
      for (let n = 0; n < 100; n++)
        await faulty.request({ method: n % 2 === 0 ? "eth_call" : "eth_getLogs" }).catch(() => 0);
      return events;
    };
    const first = await run(1);
    expect(first.length).to.be.within(15, 50);
    expect(new Set(first.map(({ fault }) => fault))).to.deep.equal(new Set(["drop", "lose", "duplicate"]));
    expect(await run(1)).to.deep.equal(first);
    expect(await run(2)).to.not.deep.equal(first);
    for (const { fault, to, kind, n } of first) expect(faultOf(1, rates, to, kind, n)).to.equal(fault);
  });

  it("strikes operators as it does nodes; one that is out answers nobody, and is not asked", async () => {
    let asked = 0;
    const operator: OperatorClient = {
      address: "0x",
      certify: async () => {
        asked++;
        return { root: undefined, signature: undefined, refused: [] };
      },
    };
    let isOut = true;
    const calls = faultyCalls({ seed: 1, to: "one", rates: () => always("duplicate") });
    const faulty = faultyOperator(operator, { name: "one", calls, isOut: () => isOut });
    expect(await codeOf(faulty.certify([]))).to.equal("faults/out");
    expect(asked).to.equal(0);
    isOut = false;
    await faulty.certify([]);
    expect(asked).to.equal(2);
  });
});
