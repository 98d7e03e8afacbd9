import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";
import { computeAddress, id } from "ethers";

import { MAX_CHECKPOINTS } from "../../../../src/agents/http/certifyMessages.ts";
import { HttpOperator } from "../../../../src/agents/http/httpOperator.ts";
import {
  type OperatorServer,
  type OperatorServerLimits,
  serveOperators,
} from "../../../../src/agents/http/operatorServer.ts";
import type { Certification, OperatorClient } from "../../../../src/agents/operatorClient.ts";
import { ParleyError } from "../../../../src/errors.ts";
import { type Checkpoint, type Hex, laneWord, Level } from "../../../../src/wire/index.ts";

const hash = (text: string): Hex => id(text);

const ADDRESS = computeAddress(id("key"));
const CHECKPOINT: Checkpoint = {
  source: hash("source"),
  destination: hash("destination"),
  laneWord: laneWord(hash("word")),
  reachedBy: 2n ** 63n,
  level: Level.fast,
  blockHash: hash("block"),
};
const SIGNED: Certification = { root: hash("root"), signature: `0x${"ab".repeat(64)}`, refused: [] };

describe("An operator over HTTP", () => {
  const servers: OperatorServer[] = [];
  const asked: (readonly Checkpoint[])[] = [];
  const errors: unknown[] = [];

  /** Serves one operator that answers so; answers its URL. */
  async function serve(
    certify: OperatorClient["certify"] = () => Promise.resolve(SIGNED),
    limits: Partial<OperatorServerLimits> = {},
  ): Promise<string> {
    const operator: OperatorClient = {
      address: ADDRESS,
      certify: (checkpoints) => {
        asked.push(checkpoints);
        return certify(checkpoints);
      },
    };
    const server = await serveOperators(
      { operators: [{ path: "/operators/1", operator }], limits, onError: (_, error) => void errors.push(error) },
      { host: "127.0.0.1", port: 0 },
    );
    servers.push(server);
    return `${server.url}/operators/1`;
  }

  async function post(url: string, body: string, type = "application/json"): Promise<{ status: number; code: string }> {
    const response = await fetch(url, { method: "POST", body, headers: { "content-type": type } });
    const answer = (await response.json()) as { code: string; message: string };
    expect(Object.keys(answer)).to.deep.equal(["code", "message"]);
    return { status: response.status, code: answer.code };
  }

  async function codeOf(asking: Promise<unknown>): Promise<string> {
    const error = await asking.then(
      () => expect.fail("it was answered"),
      (rejected: unknown) => rejected,
    );
    if (!(error instanceof ParleyError)) throw error;
    return error.code;
  }

  afterEach(async () => {
    asked.length = 0;
    errors.length = 0;
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  it("hands on what it is asked, and what the operator answers, signed or refused", async () => {
    const client = new HttpOperator({ address: ADDRESS, url: await serve() });
    expect(await client.certify([CHECKPOINT])).to.deep.equal(SIGNED);
    expect(asked).to.deep.equal([[CHECKPOINT]]);

    const refusing: Certification = {
      root: undefined,
      signature: undefined,
      refused: [{ index: 0, code: "operator/false-word", reason: "it is false" }],
    };
    const other = new HttpOperator({ address: ADDRESS, url: await serve(() => Promise.resolve(refusing)) });
    expect(await other.certify([CHECKPOINT])).to.deep.equal(refusing);
  });

  it("says who it is", async () => {
    const response = await fetch(`${await serve()}/v1/health`);
    expect(await response.json()).to.deep.equal({ status: "ok", address: ADDRESS });
  });

  it("takes as many checkpoints as a request may have", async () => {
    const client = new HttpOperator({ address: ADDRESS, url: await serve() });
    const most = Array.from({ length: MAX_CHECKPOINTS }, () => CHECKPOINT);
    expect(await client.certify(most)).to.deep.equal(SIGNED);
    expect(await codeOf(client.certify([...most, CHECKPOINT]))).to.equal("operator/bad-answer");
    expect(asked).to.have.lengthOf(1);
  });

  describe("refuses with a code, and lives on", () => {
    const valid = { ...CHECKPOINT, reachedBy: "1" };
    const bodies: Record<string, string> = {
      "no JSON": "{",
      "no body": "",
      "no object": "[]",
      "no checkpoints": '{"checkpoints":[]}',
      "fields that nobody knows": JSON.stringify({ checkpoints: [{ ...valid, more: 1 }] }),
      "a hash that is too short": JSON.stringify({ checkpoints: [{ ...valid, source: "0x00" }] }),
      "a level that there is not": JSON.stringify({ checkpoints: [{ ...valid, level: 7 }] }),
      "a time that is no integer": JSON.stringify({ checkpoints: [{ ...valid, reachedBy: "-1" }] }),
      "an attempt on prototypes": '{"__proto__":{"checkpoints":[]}}',
    };
    for (const [what, body] of Object.entries(bodies)) {
      it(what, async () => {
        const url = await serve();
        expect(await post(`${url}/v1/certify`, body)).to.deep.equal({ status: 400, code: "operator/bad-request" });
        expect(asked).to.be.empty;
        expect((await fetch(`${url}/v1/health`)).status).to.equal(200);
      });
    }

    it("a body of another type", async () => {
      const answer = await post(`${await serve()}/v1/certify`, "<xml/>", "text/xml");
      expect(answer).to.deep.equal({ status: 400, code: "operator/bad-request" });
    });

    it("a body that is too large", async () => {
      const url = await serve(undefined, { bodyBytes: 1_000 });
      const answer = await post(`${url}/v1/certify`, JSON.stringify({ checkpoints: Array(9).fill(valid) }));
      expect(answer).to.deep.equal({ status: 413, code: "operator/too-large" });
      expect(asked).to.be.empty;
    });

    it("a path that there is not", async () => {
      const answer = await post(`${await serve()}/v1/sign`, "{}");
      expect(answer).to.deep.equal({ status: 404, code: "operator/unknown-path" });
    });

    it("more requests at once than it works on", async () => {
      let finish = (_: Certification): void => undefined;
      const slow = new Promise<Certification>((resolve) => (finish = resolve));
      const url = await serve(() => slow, { concurrency: 1 });
      const client = new HttpOperator({ address: ADDRESS, url });
      const first = client.certify([CHECKPOINT]);
      while (asked.length === 0) await sleep(1);
      const body = JSON.stringify({ checkpoints: [valid] });
      expect(await post(`${url}/v1/certify`, body)).to.deep.equal({ status: 503, code: "operator/busy" });
      finish(SIGNED);
      expect(await first).to.deep.equal(SIGNED);
      expect(await client.certify([CHECKPOINT])).to.deep.equal(SIGNED);
    });

    it("a request that takes too long", async () => {
      const url = await serve(() => new Promise(() => undefined), { requestMs: 50 });
      const answer = await post(`${url}/v1/certify`, JSON.stringify({ checkpoints: [valid] }));
      expect(answer).to.deep.equal({ status: 503, code: "operator/timeout" });
    });

    it("an operator that fails, without telling why to who asked", async () => {
      const url = await serve(() => Promise.reject(new TypeError("disk /secret is full")));
      const response = await fetch(`${url}/v1/certify`, {
        method: "POST",
        body: JSON.stringify({ checkpoints: [valid] }),
        headers: { "content-type": "application/json" },
      });
      const text = await response.text();
      expect(response.status).to.equal(500);
      expect(text).to.contain("operator/failed").and.to.not.contain("secret");
      expect(errors.map(String)).to.deep.equal(["TypeError: disk /secret is full"]);
    });
  });

  describe("as its client meets it", () => {
    let server: Server | undefined;

    /** A server that is no operator's. */
    async function pretend(answer: RequestListener): Promise<HttpOperator> {
      const started = createServer(answer);
      server = started;
      await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
      const { port } = started.address() as AddressInfo;
      return new HttpOperator({ address: ADDRESS, url: `http://127.0.0.1:${port}/` });
    }

    afterEach(() => {
      server?.closeAllConnections();
      server?.close();
    });

    const garbage: Record<string, [status: number, body: string]> = {
      "no JSON": [200, "<html>"],
      "JSON of another kind": [200, '{"signature":7,"refused":[]}'],
      "a signature of another length": [200, '{"signature":"0xab","refused":[]}'],
      nothing: [200, ""],
      "an error": [502, '{"refused":[]}'],
    };
    for (const [what, [status, body]] of Object.entries(garbage)) {
      it(`rejects with operator/bad-answer if it answers ${what}`, async () => {
        const client = await pretend((_, response) => response.writeHead(status).end(body));
        expect(await codeOf(client.certify([CHECKPOINT]))).to.equal("operator/bad-answer");
      });
    }

    it("rejects with operator/unreachable if it hangs up", async () => {
      const client = await pretend((request) => request.socket.destroy());
      expect(await codeOf(client.certify([CHECKPOINT]))).to.equal("operator/unreachable");
    });

    it("rejects with operator/unreachable if nobody is there", async () => {
      const url = await serve();
      await Promise.all(servers.splice(0).map((one) => one.close()));
      expect(await codeOf(new HttpOperator({ address: ADDRESS, url }).certify([CHECKPOINT]))).to.equal(
        "operator/unreachable",
      );
    });
  });
});
