import { connect } from "node:net";

import { expect } from "chai";

import { ParleyError } from "../../../src/errors.ts";
import { Metrics, serve, type ServiceServer, type ServiceServerOptions } from "../../../src/service/index.ts";

describe("A service's HTTP interface", () => {
  const servers: ServiceServer[] = [];
  const failures: unknown[] = [];

  async function start(options: Partial<ServiceServerOptions> = {}): Promise<string> {
    const server = await serve(
      {
        service: "test",
        health: () => [],
        status: () => ({ big: 2n ** 70n }),
        statuses: { "test/known": 409 },
        routes: (routes) => {
          routes.post("/echo", ({ body }) => body);
          routes.get("/known", () => {
            throw new ParleyError("test/known", "said", "hint");
          });
          routes.get("/broken", () => {
            throw new ParleyError("test/inside", "secret of the inside", "hint");
          });
        },
        onError: (_, error) => failures.push(error),
        ...options,
      },
      { host: "127.0.0.1", port: 0 },
    );
    servers.push(server);
    return server.url;
  }

  async function ask(url: string, init?: RequestInit): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await fetch(url, init);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  const post = (body: string): RequestInit => ({
    method: "POST",
    body,
    headers: { "content-type": "application/json" },
  });

  afterEach(async () => {
    failures.length = 0;
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  it("tells of its health, with 503 where something is wrong, and of its status", async () => {
    const problems: string[] = [];
    const url = await start({ health: () => problems });
    expect(await ask(`${url}/health`)).to.deep.equal({ status: 200, body: { healthy: true, problems: [] } });
    problems.push("no node");
    expect(await ask(`${url}/health`)).to.deep.equal({ status: 503, body: { healthy: false, problems: ["no node"] } });
    expect(await ask(`${url}/status`)).to.deep.equal({ status: 200, body: { big: String(2n ** 70n) } });
  });

  it("shows its metrics, each service its own, as Prometheus reads them", async () => {
    const [one, other] = [new Metrics("one", { instance: "a" }), new Metrics("other")];
    one.counter({ name: "things_total", help: "Things", labels: ["kind"] }).inc({ kind: "good" }, 3);
    other.gauge({ name: "age_seconds", help: "Age" }).set(2);
    other.histogram({ name: "wait_seconds", help: "Wait", buckets: [1, 2] }).observe(1.5);
    const text = await (await fetch(`${await start({ metrics: one })}/metrics`)).text();
    expect(text).to.contain('parley_one_things_total{kind="good",instance="a"} 3').and.not.contain("parley_other");
    expect(await other.text())
      .to.contain("parley_other_age_seconds 2")
      .and.contain('wait_seconds_bucket{le="2"} 1');
  });

  it("answers errors as JSON, and keeps to itself what fails inside", async () => {
    const url = await start();
    expect(await ask(`${url}/known`)).to.deep.equal({ status: 409, body: { code: "test/known", message: "said" } });
    const inside = await ask(`${url}/broken`);
    expect([inside.status, inside.body["code"]]).to.deep.equal([500, "test/failed"]);
    expect(JSON.stringify(inside.body)).to.not.contain("secret of the inside");
    expect(failures).to.have.length(1);
    expect((await ask(`${url}/nothing`)).body["code"]).to.equal("test/unknown-path");
  });

  it("refuses what is too large or malformed", async () => {
    const url = await start({ limits: { bodyBytes: 100 } });
    const large = await ask(`${url}/echo`, post(JSON.stringify("x".repeat(100))));
    expect([large.status, large.body["code"]]).to.deep.equal([413, "test/too-large"]);
    for (const body of ["{", '{"__proto__":{}}', ""]) {
      const { status, body: answer } = await ask(`${url}/echo`, post(body));
      expect([status, answer["code"]], body).to.deep.equal([400, "test/bad-request"]);
    }
  });

  it("refuses whoever asks too often, whatever they ask for, and tells when to come back", async () => {
    const url = await start({ limits: { requestsPerMinute: 3 }, tokens: ["right"] });
    const asked = [];
    for (let i = 0; i < 5; i++) asked.push(await fetch(`${url}/status`));
    expect(asked.map(({ status }) => status)).to.deep.equal([401, 401, 401, 429, 429]);
    expect(Number(asked[4]!.headers.get("retry-after"))).to.be.greaterThan(0);
    expect(await asked[4]!.json()).to.have.property("code", "test/too-many-requests");
  });

  it("lets in who names a token, anybody to its health, and nobody else", async () => {
    const url = await start({ tokens: ["first", "second"], openPaths: ["/known"] });
    const statusOf = async (path: string, authorization?: string): Promise<number> =>
      (await fetch(`${url}${path}`, { headers: authorization === undefined ? {} : { authorization } })).status;
    expect(await statusOf("/health")).to.equal(200);
    expect(await statusOf("/known")).to.equal(409);
    for (const token of ["first", "second"]) expect(await statusOf("/status", `Bearer ${token}`)).to.equal(200);
    for (const wrong of [undefined, "", "Bearer ", "Bearer", "Bearer firs", "Bearer firstt", "Basic first", "first"]) {
      expect(await statusOf("/status", wrong), wrong).to.equal(401);
    }
    expect(await statusOf("/nothing")).to.equal(401);
  });

  it("says which port is taken, and where it cannot listen at all, and what to do", async () => {
    const port = Number(new URL(await start()).port);
    const listen = async (at: { host: string; port: number }): Promise<ParleyError> =>
      await serve({ service: "relayer" }, at).then(
        () => expect.fail("it listens"),
        (error: unknown) => error as ParleyError,
      );
    const taken = await listen({ host: "127.0.0.1", port });
    expect(taken.code).to.equal("service/port-in-use");
    expect(taken.message).to.equal(`Port ${port} of 127.0.0.1 is in use.`);
    expect(taken.hint).to.contain("--port").and.contain("PARLEY_RELAYER_PORT");
    // An address for documentation (RFC 5737), which no machine has.
    const foreign = await listen({ host: "192.0.2.1", port: 0 });
    expect(foreign.code).to.equal("service/port-refused");
    expect(foreign.hint).to.contain("--host");
  });

  it("closes connections whose request does not come, and goes on answering others", async () => {
    const url = await start({ limits: { requestMs: 100 } });
    const { hostname, port } = new URL(url);
    const slow = Array.from({ length: 20 }, (_, i) => {
      const socket = connect(Number(port), hostname);
      socket.on("error", () => undefined).resume();
      socket.write(i % 2 === 0 ? "GET /status HT" : "POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\n{");
      return new Promise((resolve) => socket.once("close", resolve));
    });
    expect((await ask(`${url}/health`)).status).to.equal(200);
    await Promise.all(slow);
    expect((await ask(`${url}/health`)).status).to.equal(200);
  });
});
