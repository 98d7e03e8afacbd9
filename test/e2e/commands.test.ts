/** The commands about messages as a user runs them in a second terminal, beside a devnet. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { expect } from "chai";
import { Contract, JsonRpcProvider } from "ethers";
import { z } from "zod";

import { AS_USER, DevnetProcess, HARDHAT, type Ready } from "../support/devnetProcess.ts";

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const Sent = z.object({ messages: z.tuple([z.object({ id: z.string(), status: z.string() })]) });

describe("Commands beside a devnet", function () {
  this.timeout(200_000);

  let folder: string;
  let file: string;
  let devnet: DevnetProcess;
  let ready: Ready;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "parley-commands-"));
    file = path.join(folder, "addresses.json");
    devnet = new DevnetProcess(["--json", "--port", "0", "--operators", "4", "--addresses", file]);
    ready = await devnet.ready();
  });

  after(async () => {
    await devnet.end("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });

  function run(...args: string[]): Promise<Run> {
    return new Promise((resolve) => {
      execFile(process.execPath, [HARDHAT, ...args, "--addresses", file], AS_USER, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });
  }

  /** The one line of JSON that a command prints, and its exit code. */
  async function runJson(...args: string[]): Promise<{ code: number; result: unknown }> {
    const { code, stdout, stderr } = await run(...args, "--json");
    expect(stdout.split("\n"), stderr).to.have.length(2);
    return { code, result: JSON.parse(stdout) };
  }

  const write = (text: string): Promise<{ code: number; result: unknown }> =>
    runJson("message:send", "--from", "alpha", "--to", "beta", "--text", text, "--wait");

  async function mailbox(method: "open" | "close"): Promise<void> {
    const provider = new JsonRpcProvider(ready.chains.find(({ name }) => name === "beta")?.url);
    const abi = ["function open()", "function close()"];
    const contract = new Contract(ready.examples.mailbox, abi, await provider.getSigner(1));
    await (await contract.getFunction(method).send()).wait();
    provider.destroy();
  }

  it("send and relay, and say by their exit codes what became of a message", async () => {
    const letter = await write("Hello");
    expect(Sent.parse(letter.result).messages[0].status).to.equal("delivered");
    expect(letter.code).to.equal(0);

    await mailbox("close");
    const refused = await write("Are you there?");
    const [{ id, status }] = Sent.parse(refused.result).messages;
    expect([status, refused.code]).to.deep.equal(["failed", 3]);

    await mailbox("open");
    const relayed = await runJson("message:relay", id);
    const { messages } = z.object({ messages: z.array(z.object({ status: z.string() })) }).parse(relayed.result);
    expect(messages).to.deep.equal([{ status: "delivered" }]);
    expect(relayed.code).to.equal(0);

    expect((await run("message:status", `0x${"ab".repeat(32)}`)).code).to.equal(4);
  });
});
