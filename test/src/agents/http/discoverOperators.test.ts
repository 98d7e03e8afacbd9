import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";
import { computeAddress, getAddress, id, type Provider } from "ethers";

import { Announcements, type Announced } from "../../../../src/agents/http/announcements.ts";
import { discoverOperators } from "../../../../src/agents/http/discoverOperators.ts";
import { serveOperators } from "../../../../src/agents/http/operatorServer.ts";
import { readAnswer } from "../../../../src/agents/http/readAnswer.ts";
import type { OperatorClient } from "../../../../src/agents/operatorClient.ts";
import { ParleyError } from "../../../../src/errors.ts";
import { IServiceManager__factory } from "../../../../types/ethers-contracts/factories/interfaces/IServiceManager__factory.ts";

describe("Operators that L1 announces", () => {
  const closers: (() => Promise<unknown>)[] = [];
  const ending = new AbortController();
  after(async () => {
    ending.abort();
    for (const close of closers) await close();
  });

  const [ONE, OTHER] = ["one", "other"].map((name) => computeAddress(id(name))) as [string, string];
  const operator = (address: string): OperatorClient => ({
    address,
    certify: () => Promise.resolve({ root: undefined, signature: undefined, refused: [] }),
  });
  const serve = async (address: string): Promise<string> => {
    const server = await serveOperators(
      { operators: [{ path: "/o", operator: operator(address) }] },
      { host: "127.0.0.1", port: 0 },
    );
    closers.push(() => server.close());
    return `${server.url}/o`;
  };
  const announced = (keyId: string, endpoint: string): Announced => ({
    ...{ operator: keyId, endpoint },
    keyId: keyId.toLowerCase(),
  });

  it("are asked where they answer with the key with which they joined; as they move, leave and come, so does the list", async () => {
    const [first, second, other] = [await serve(ONE), await serve(ONE), await serve(OTHER)];
    let now: Announced[] = [announced(ONE, first), announced(OTHER, first)];
    let wake: () => void = () => undefined;
    const looked = (): Promise<void> => new Promise((resolve) => (wake = resolve));
    const changes: string[] = [];
    const errors: unknown[] = [];
    const failure = new Error("the node is not well");
    const found = await discoverOperators(
      {
        read: () => {
          wake();
          return now.length === 0 ? Promise.reject(failure) : Promise.resolve(now);
        },
      },
      {
        ...{ every: 5, signal: ending.signal },
        onChange: ({ keyId }, state) => {
          const who = keyId === ONE.toLowerCase() ? "one" : "other";
          changes.push(`${who} ${state instanceof ParleyError ? state.code : state}`);
        },
        onError: (error) => errors.push(error),
      },
    );
    const settled = async (): Promise<string[]> => {
      for (let looks = 0; looks < 3; ++looks) await looked();
      return found.map(({ address }) => address).sort();
    };
    expect(await settled()).to.deep.equal([ONE]);
    now = [announced(ONE, second), announced(OTHER, other)];
    expect(await settled()).to.deep.equal([ONE, OTHER].sort());
    now = [];
    expect(await settled(), "L1 cannot be read").to.have.lengthOf(2);
    now = [announced(OTHER, other)];
    expect(await settled()).to.deep.equal([OTHER]);
    expect(new Set(errors)).to.deep.equal(new Set([failure]));
    expect(changes.filter((change) => change.startsWith("other"))).to.deep.equal([
      "other operator/other-endpoint",
      "other reached",
    ]);
    expect(changes.filter((change) => change.startsWith("one"))).to.deep.equal([
      "one reached",
      "one gone",
      "one reached",
      "one gone",
    ]);
  });

  it("are not asked at what is no plain URL, nor where they point elsewhere", async () => {
    let requests = 0;
    const server: Server = createServer((request, response) => {
      ++requests;
      response
        .writeHead(307, { location: `http://127.0.0.1:${(server.address() as AddressInfo).port}/elsewhere` })
        .end();
      if (request.url === "/elsewhere") expect.fail("it follows");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closers.push(() => new Promise((resolve) => server.close(resolve)));
    const at = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const codes: string[] = [];
    const look = async (endpoint: string): Promise<void> => {
      const over = new AbortController();
      const found = await discoverOperators(
        { read: () => Promise.resolve([announced(ONE, endpoint)]) },
        {
          ...{ every: 60_000, signal: over.signal },
          onChange: (_, state) => codes.push(state instanceof ParleyError ? state.code : state),
        },
      );
      over.abort();
      expect(found).to.deep.equal([]);
    };
    for (const endpoint of [
      "nowhere",
      "file:///etc/passwd",
      `http://me:secret@${at}`,
      `http://${at}/x?`,
      `http://${at}/?q=1`,
      `http://${at}#x`,
    ]) {
      await look(endpoint);
    }
    expect(requests).to.equal(0);
    await look(`http://${at}`);
    expect(requests).to.equal(1);
    expect(new Set(codes.slice(0, -1))).to.deep.equal(new Set(["operator/bad-endpoint"]));
    expect(codes.at(-1)).to.equal("operator/unreachable");
  });

  it("are read from L1 as they join, move and leave; what is final once, and again where the chain went back", async () => {
    const manager = IServiceManager__factory.createInterface();
    const chain: { fragment: string; args: string[] }[][] = [];
    const asked: [number, number][] = [];
    const provider = {
      getBlock: (tag: number | string) => Promise.resolve(blockOf(tag === "latest" ? chain.length : Number(tag))),
      getLogs: ({ fromBlock, toBlock }: { fromBlock: number; toBlock: number }) => {
        asked.push([fromBlock, toBlock]);
        const logs = chain.slice(fromBlock - 1, toBlock).flatMap((events, place) =>
          events.map(({ fragment, args }, index) => ({
            ...manager.encodeEventLog(fragment, args),
            ...{ blockNumber: fromBlock + place, index },
          })),
        );
        return Promise.resolve(logs);
      },
    } as unknown as Provider;
    const blockOf = (number: number): object => ({ number, hash: id(`block ${number}`), timestamp: number });
    const all = new Announcements({ serviceManager: ONE, provider, startBlock: 1, confirmations: 1 });
    const read = async (): Promise<string[][]> =>
      (await all.read()).map(({ operator, keyId, endpoint }) => [operator, keyId, endpoint]);
    const [first, second] = [getAddress(`0x${"a1".repeat(20)}`), getAddress(`0x${"b2".repeat(20)}`)];
    const joined = (operator: string, key: string, endpoint: string) => ({
      fragment: "OperatorJoined",
      args: [operator, key, endpoint],
    });
    const moved = (operator: string, endpoint: string) => ({ fragment: "EndpointChanged", args: [operator, endpoint] });
    const left = (operator: string) => ({ fragment: "OperatorLeft", args: [operator] });

    chain.push([joined(first, ONE, "a"), moved(second, "stray")], [joined(second, OTHER, "b")]);
    expect(await read()).to.deep.equal([
      [first, ONE.toLowerCase(), "a"],
      [second, OTHER.toLowerCase(), "b"],
    ]);
    chain.push([moved(first, "c")], [left(second)]);
    expect(await read()).to.deep.equal([[first, ONE.toLowerCase(), "c"]]);
    chain.splice(3, 1, [], []);
    expect(await read()).to.deep.equal([
      [first, ONE.toLowerCase(), "c"],
      [second, OTHER.toLowerCase(), "b"],
    ]);
    expect(asked).to.deep.equal([
      [1, 2],
      [2, 4],
      [4, 5],
    ]);
    chain.splice(0, 5, [joined(second, OTHER, "d")], []);
    expect(await read()).to.deep.equal([[second, OTHER.toLowerCase(), "d"]]);
  });

  it("may not fill anybody's memory", async () => {
    expect(await readAnswer(new Response("12345"), 5)).to.equal("12345");
    expect(await readAnswer(new Response(null), 5)).to.equal("");
    const error: unknown = await readAnswer(new Response("123456"), 5).catch((thrown: unknown) => thrown);
    expect(String(error)).to.contain("more than 5 bytes");
  });
});
