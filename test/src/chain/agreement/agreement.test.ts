import { expect } from "chai";
import { id, toBeHex } from "ethers";
import fc from "fast-check";

import { AgreeingProvider, type NodeOutcome, type RpcNode } from "../../../../src/chain/agreement/index.ts";
import { ParleyError } from "../../../../src/errors.ts";
import { checkAsync } from "../../../support/property.ts";
import { expectRefusal } from "../../../support/refusal.ts";

const GATEWAY = `0x${"11".repeat(20)}`;

/** How a node stands to the chain: what it says is true, or not, or it says nothing. */
type Manner = "honest" | "lying" | "dead" | "garbled";

/** A chain of `height` blocks, as a node of that manner tells of it. */
function node(manner: Manner, height = 10, branch = "chain"): RpcNode {
  const block = (number: number): object => ({
    number: toBeHex(number),
    hash: id(`${branch} ${number}`),
    parentHash: id(`${branch} ${number - 1}`),
    timestamp: `0x${(1_000 + number).toString(16)}`,
    extraData: id(manner), // of no account
  });
  const answers: Record<string, (params: readonly unknown[]) => unknown> = {
    eth_getBlockByNumber: ([tag]) => {
      const number = tag === "latest" ? height : tag === "finalized" ? height - 2 : Number(tag);
      return number > height ? null : block(number);
    },
    eth_getLogs: () => [
      {
        address: GATEWAY,
        topics: [id("topic")],
        data: "0x",
        blockNumber: "0x5",
        blockHash: id(`${branch} 5`),
        transactionHash: id("tx"),
        transactionIndex: "0x0",
        logIndex: "0x0",
        removed: false,
      },
    ],
    eth_call: ([, tag]) => id(`${branch} word at ${String(tag)}`),
    eth_getCode: () => "0x60",
  };
  return {
    at: manner,
    ask: async (method, params) => {
      if (manner === "dead") throw new Error("connection refused");
      if (manner === "garbled") return { hash: "0x", data: [1] };
      return answers[method]?.(params);
    },
  };
}

const liar = (): RpcNode => node("lying", 12, "another chain");

async function codeOf(asking: Promise<unknown>): Promise<string> {
  const error = await asking.then(
    (answer) => expect.fail(`it was answered: ${JSON.stringify(answer)}`),
    (rejected: unknown) => rejected,
  );
  if (!(error instanceof ParleyError)) throw error;
  return error.code;
}

describe("Nodes that must agree", () => {
  const outcomes: [number, NodeOutcome][] = [];
  const agreeing = (nodes: readonly RpcNode[], agree = nodes.length): AgreeingProvider =>
    new AgreeingProvider({
      name: "alpha",
      chainId: 7n,
      nodes,
      agree,
      onOutcome: (place, outcome) => outcomes.push([place, outcome]),
    });
  const logs = { address: GATEWAY, fromBlock: 0, toBlock: 10 };

  beforeEach(() => (outcomes.length = 0));

  it("say what they say alike, whatever else each adds", async () => {
    const provider = agreeing([node("honest"), { ...node("honest"), at: "other" }]);
    const block = await provider.getBlock(5);
    expect([block?.number, block?.hash, block?.timestamp]).to.deep.equal([5, id("chain 5"), 1_005]);
    expect(await provider.getBlock(11)).to.equal(null);
    expect((await provider.getLogs(logs))[0]?.blockHash).to.equal(id("chain 5"));
    expect(await provider.getCode(GATEWAY)).to.equal("0x60");
    expect(new Set(outcomes.map(([, outcome]) => outcome))).to.deep.equal(new Set(["agrees"]));
  });

  it("Kelp 2026: say nothing where one lies and one is dead", async () => {
    for (const agree of [2, 3]) {
      const provider = agreeing([node("honest"), liar(), node("dead")], agree);
      expect(await codeOf(provider.getBlock(5))).to.equal("nodes/disagree");
      expect(await codeOf(provider.getLogs(logs))).to.equal("nodes/disagree");
      expect(await codeOf(provider.call({ to: GATEWAY, data: "0x", blockTag: 5 }))).to.equal("nodes/disagree");
      expect(await codeOf(provider.getBlock("finalized"))).to.equal("nodes/disagree");
    }
    for (const other of ["lying", "dead", "garbled"] as const) {
      const provider = agreeing([node("honest"), other === "lying" ? liar() : node(other)]);
      expect(await codeOf(provider.getBlock(5)), other).to.equal("nodes/disagree");
    }
  });

  it("tell who failed and who said something else", async () => {
    const provider = agreeing([node("honest"), liar(), node("honest"), node("honest"), node("garbled")], 3);
    expect((await provider.getBlock(5))?.hash).to.equal(id("chain 5"));
    await new Promise(setImmediate);
    expect(outcomes.sort(([a], [b]) => a - b)).to.deep.equal([
      [0, "agrees"],
      [1, "differs"],
      [2, "agrees"],
      [3, "agrees"],
      [4, "fails"],
    ]);
  });

  it("mean by the latest and the finalized block the highest one that enough of them have", async () => {
    const nodes = [node("honest", 10), node("honest", 8), node("honest", 12)];
    expect((await agreeing(nodes).getBlock("latest"))?.number).to.equal(8);
    expect((await agreeing(nodes).getBlock("finalized"))?.number).to.equal(6);
    expect((await agreeing(nodes, 2).getBlock("latest"))?.number).to.equal(10);
    expect(await agreeing(nodes, 2).call({ to: GATEWAY, data: "0x" })).to.equal(id("chain word at 0xa"));
    expect((await agreeing([liar(), ...nodes], 3).getBlock("finalized"))?.hash).to.equal(id("chain 8"));
  });

  it("are asked for nothing but what is compared", async () => {
    expect(await codeOf(agreeing([node("honest")]).send("eth_sendRawTransaction", ["0x"]))).to.equal(
      "nodes/unsupported",
    );
    expect(await codeOf(agreeing([node("honest")]).getBalance(GATEWAY))).to.equal("nodes/unsupported");
  });

  it("are never so few that as many could say something else", () => {
    for (const [count, agree] of [
      [2, 1],
      [3, 1],
      [4, 2],
      [1, 2],
      [1, 0],
      [3, 1.5],
      [0, 0],
    ] as const) {
      const nodes = Array.from({ length: count }, () => node("honest"));
      expectRefusal(() => agreeing(nodes, agree), "nodes/agree");
    }
  });

  it("never say what fewer liars than must agree say, in whichever order answers come", async () => {
    const manners = fc.array(fc.constantFrom<Manner>("honest", "lying", "dead", "garbled"), {
      minLength: 1,
      maxLength: 6,
    });
    await checkAsync(
      fc.asyncProperty(
        manners,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.scheduler(),
        async (chosen, share, s) => {
          const least = Math.floor(chosen.length / 2) + 1;
          const agree = least + Math.floor(share * (chosen.length - least));
          fc.pre(chosen.filter((manner) => manner === "lying").length < agree);
          const nodes = chosen.map((manner): RpcNode => {
            const one = manner === "lying" ? liar() : node(manner);
            return {
              at: one.at,
              ask: s.scheduleFunction((method: string, params: readonly unknown[]) => one.ask(method, params)),
            };
          });
          const asked = agreeing(nodes, agree)
            .getBlock(5)
            .then((block) => block?.hash, refusalCode);
          const answer = await s.waitFor(asked);
          const honest = chosen.filter((manner) => manner === "honest").length;
          expect(answer).to.equal(honest >= agree ? id("chain 5") : "nodes/disagree");
        },
      ),
      60,
    );
  });
});

const refusalCode = (error: unknown): string => (error instanceof ParleyError ? error.code : String(error));
