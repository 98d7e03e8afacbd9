import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";

import { HttpNode } from "../../../../src/chain/agreement/index.ts";
import { ParleyError } from "../../../../src/errors.ts";

describe("A node behind a URL", () => {
  const servers: Server[] = [];
  const seen: { method: string; authorization: string | undefined }[] = [];

  /** Answers each question as `answer` says; the chain's id is 7 unless it says so, too. */
  async function urlOf(answer: (method: string) => unknown): Promise<string> {
    return await listen((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { method } = JSON.parse(Buffer.concat(chunks).toString()) as { method: string };
        seen.push({ method, authorization: request.headers.authorization });
        const body = answer(method) ?? (method === "eth_chainId" ? { result: "0x7" } : undefined);
        if (body !== undefined) response.end(typeof body === "string" ? body : JSON.stringify({ id: 1, ...body }));
      });
    });
  }

  async function listen(handler: RequestListener): Promise<string> {
    const server = createServer(handler);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const nodeAt = (url: string, timeoutMs = 5_000): HttpNode => new HttpNode({ url, chainId: 7n, timeoutMs });

  async function failureOf(asking: Promise<unknown>): Promise<string> {
    const error = await asking.then(
      () => expect.fail("it was answered"),
      (rejected: unknown) => rejected,
    );
    if (!(error instanceof ParleyError)) throw error;
    expect(error.code).to.equal("node/failed");
    return error.message;
  }

  afterEach(() => {
    seen.length = 0;
    for (const server of servers.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
  });

  it("answers, once it has shown that it is one of the chain", async () => {
    const node = nodeAt(await urlOf((method) => (method === "eth_call" ? { result: "0x01" } : undefined)));
    expect([await node.ask("eth_call", []), await node.ask("eth_call", [])]).to.deep.equal(["0x01", "0x01"]);
    expect(seen.map(({ method }) => method)).to.deep.equal(["eth_chainId", "eth_call", "eth_call"]);
  });

  it("is asked nothing while it is one of another chain, and asked again whether it is", async () => {
    let chainId = "0x8";
    const node = nodeAt(await urlOf((method) => ({ result: method === "eth_chainId" ? chainId : "0x01" })));
    expect(await failureOf(node.ask("eth_call", []))).to.contain("chain");
    expect(seen.map(({ method }) => method)).to.deep.equal(["eth_chainId"]);
    chainId = "0x7";
    expect(await node.ask("eth_call", [])).to.equal("0x01");
  });

  it("fails if it is silent, gone, sends elsewhere, or answers with anything but a result", async () => {
    const answering = (body: unknown): Promise<string> => urlOf((method) => (method === "eth_call" ? body : undefined));
    expect(await failureOf(nodeAt(await answering(undefined), 50).ask("eth_call", []))).to.contain("within 50 ms");
    expect(await failureOf(nodeAt("http://127.0.0.1:1").ask("eth_call", []))).to.contain("127.0.0.1");
    for (const body of ["", "{", "[]", { error: { code: 3, message: "reverted" } }, {}, { error: "x" }]) {
      await failureOf(nodeAt(await answering(body)).ask("eth_call", []));
    }
    const other = await answering({ result: "0x01" });
    await failureOf(
      nodeAt(await listen((_, response) => response.writeHead(307, { location: other }).end())).ask("eth_call", []),
    );
  });

  it("gets user and password of its URL, and nothing secret of it is said to anyone", async () => {
    const served = await urlOf(() => ({ error: { code: 3, message: "no" } }));
    const node = nodeAt(`${served.replace("127", "user:pass%20word@127")}/v2/secret-key?token=secret-key`);
    const message = await failureOf(node.ask("eth_call", []));
    expect(seen[0]?.authorization).to.equal(`Basic ${btoa("user:pass word")}`);
    const gone = await failureOf(nodeAt("http://user:pass%20word@127.0.0.1:1/secret-key").ask("eth_call", []));
    for (const text of [message, gone, node.at]) expect(text).to.not.match(/secret-key|pass|user/);
  });
});
