/** What all commands on a running fabric say where they cannot reach it, and that they reach configured networks. */
import { expect } from "chai";
import type { HardhatUserConfig } from "hardhat/types/config";
import { z } from "zod";

import type { Addresses } from "../../src/deployments/addresses.ts";
import { writeAddresses } from "../../src/deployments/addressesFile.ts";
import { codeOf, NOBODY, runTask, useServed, type Run } from "./served.ts";

const UNKNOWN = `0x${"ab".repeat(32)}`;
const Sent = z.object({ account: z.string(), messages: z.array(z.object({ id: z.string(), nonce: z.string() })) });

describe("Commands on a running fabric", function () {
  this.timeout(60_000);

  const world = useServed();
  const COMMANDS: readonly [string, Readonly<Record<string, unknown>>][] = [
    ["message:send", { from: "alpha", to: "beta", text: "x", recipient: NOBODY }],
    ["message:status", { id: UNKNOWN }],
    ["message:list", {}],
    ["message:trace", { id: UNKNOWN }],
    ["message:relay", { ids: [] }],
    ["rollup:status", {}],
  ];

  /** Writes another addresses file; answers its name. */
  async function fileWith(content: Addresses): Promise<string> {
    const file = `${world.folder}/${crypto.randomUUID()}.json`;
    await writeAddresses(file, content);
    return file;
  }

  const withUrls = (urls: Readonly<Record<string, string>>): Promise<string> => {
    const { devnet } = world.addresses;
    return fileWith({ ...world.addresses, devnet: { ...devnet, urls: { ...devnet.urls, ...urls } } });
  };

  /** What is deployed, on networks of the config. */
  const onNetworks = (): Promise<string> => {
    const { settlement, rollups, version } = world.addresses;
    return fileWith({
      version,
      chains: "networks",
      settlement: { ...settlement, network: "servedL1" },
      rollups: rollups.map((rollup) => ({ ...rollup, network: `served_${rollup.name}` })),
    });
  };

  const networks = (accounts: string[] | "remote" = "remote"): HardhatUserConfig => ({
    networks: {
      servedL1: { type: "http", url: world.urls["l1"]!, accounts },
      served_alpha: { type: "http", url: world.urls["alpha"]!, accounts },
      served_beta: { type: "http", url: world.urls["beta"]!, accounts },
    },
  });

  for (const [command, args] of COMMANDS) {
    it(`${command} says what to do where there is no addresses file`, async () => {
      const { error, exitCode, stdout } = await runTask(command, { ...args, addresses: `${world.folder}/none.json` });
      expect(codeOf({ error }), error).to.equal("addresses/none");
      expect(error).to.contain("rollup:devnet").and.to.contain("rollup:deploy");
      expect(exitCode).to.equal(1);
      expect(stdout).to.equal("");
    });
  }

  it("say that the chains of the file have ended", async () => {
    const { settlement, rollups, version } = world.addresses;
    const file = await fileWith({ version, chains: "ended", settlement, rollups });
    const { error } = await runTask("message:list", { addresses: file });
    expect(codeOf({ error }), error).to.equal("addresses/ended");
    expect(error).to.contain("rollup:devnet");
  });

  describe("where one chain does not answer", () => {
    const DEAD = { alpha: "http://127.0.0.1:9" };
    const attempt = async (command: string, args: Readonly<Record<string, unknown>>): Promise<Run> =>
      runTask(command, { addresses: await withUrls(DEAD), ...args });

    it("message:send says so if it is the one to send from", async () => {
      const order = { from: "alpha", to: "beta", text: "x" };
      const { error } = await attempt("message:send", order);
      expect(codeOf({ error }), error).to.equal("chain/unreachable");
      expect(error).to.contain("alpha").and.to.contain("http://127.0.0.1:9");
      expect((await attempt("message:send", { ...order, from: "beta", to: "alpha" })).exitCode).to.equal(0);
    });

    it("no message is called unknown that may be there", async () => {
      for (const command of ["message:status", "message:trace"]) {
        expect(codeOf(await attempt(command, { id: UNKNOWN })), command).to.equal("chain/unreachable");
      }
    });

    it("message:list lists the others, with exit code 1", async () => {
      await runTask("message:send", { addresses: world.file, from: "beta", to: "l1", text: "x" });
      await runTask("message:send", { addresses: world.file, from: "beta", to: "alpha", text: "x" });
      const { result, exitCode, stderr } = await attempt("message:list", {});
      const List = z.object({
        messages: z.array(z.object({ to: z.string(), status: z.string() })),
        unread: z.array(z.object({ name: z.string(), code: z.string() })),
      });
      const { messages, unread } = List.parse(result);
      expect(messages.map(({ to, status }) => `${to} ${status}`)).to.have.members(["l1 final", "alpha unknown"]);
      expect(unread.map(({ name, code }) => `${name} ${code}`)).to.deep.equal(["alpha chain/unreachable"]);
      expect(stderr).to.contain("[chain/unreachable]");
      expect(exitCode).to.equal(1);
    });
  });

  it("refuse a URL behind which another chain is", async () => {
    const file = await withUrls({ alpha: world.urls["beta"]! });
    for (const [command, args] of COMMANDS.filter(([name]) => ["message:send", "message:status"].includes(name))) {
      const { error } = await runTask(command, { ...args, addresses: file });
      expect(codeOf({ error }), error).to.equal("chain/wrong-chain");
      expect(error).to.contain("900001").and.to.contain("900002");
    }
  });

  it("refuse a Gateway that is not the member of the file", async () => {
    const { rollups } = world.addresses;
    const file = await fileWith({
      ...world.addresses,
      rollups: rollups.map((rollup) => ({ ...rollup, gateway: NOBODY })),
    });
    expect(codeOf(await runTask("message:status", { addresses: file, id: UNKNOWN }))).to.equal("chain/wrong-member");
  });

  describe("on configured networks", () => {
    it("send from a configured key, and follow the message", async () => {
      const key = `0x${"17".repeat(32)}`;
      const file = await onNetworks();
      const poor = await runTask("message:send", { ...COMMANDS[0]![1], addresses: file }, networks([key]));
      expect(codeOf(poor), poor.error).to.equal("account/no-funds");
      const account = /0x[0-9a-fA-F]{40}/.exec(poor.error)![0];
      const balance = ["hardhat_setBalance", [account, "0xde0b6b3a7640000"]] as const;
      await world.alpha.provider.request({ method: balance[0], params: balance[1] });

      const { result, error } = await runTask(
        "message:send",
        { ...COMMANDS[0]![1], addresses: file, count: 2 },
        networks([key]),
      );
      expect(error).to.equal("");
      const sent = Sent.parse(result);
      expect(sent.account).to.equal(account);
      expect(sent.messages.map(({ nonce }) => nonce)).to.deep.equal(["0", "1"]);
      const status = await runTask("message:status", { addresses: file, id: sent.messages[1]!.id }, networks());
      expect(status.result).to.include({ status: "final", sender: account });
      const list = await runTask("rollup:status", { addresses: file }, networks());
      expect(list.exitCode, list.stdout).to.equal(0);
    });

    it("refuse an account that the network has not, and a network without any", async () => {
      const file = await onNetworks();
      const order = { ...COMMANDS[0]![1], addresses: file };
      const strange = await runTask("message:send", { ...order, account: NOBODY }, networks([`0x${"17".repeat(32)}`]));
      expect(codeOf(strange), strange.error).to.equal("account/unknown");
      expect(codeOf(await runTask("message:send", order, networks([])))).to.equal("account/none");
    });

    it("need a recipient", async () => {
      const order = { ...COMMANDS[0]![1], addresses: await onNetworks(), recipient: undefined };
      expect(codeOf(await runTask("message:send", order, networks()))).to.equal("message/no-recipient");
    });

    it("say which network the config lacks, and which does not answer", async () => {
      const file = await onNetworks();
      const lacking = await runTask("message:list", { addresses: file });
      expect(codeOf(lacking), lacking.error).to.equal("addresses/unknown-network");
      expect(lacking.error).to.contain("servedL1");
      const dead: HardhatUserConfig = {
        networks: { ...networks().networks, served_alpha: { type: "http", url: "http://127.0.0.1:9" } },
      };
      const refused = await runTask("message:send", { ...COMMANDS[0]![1], addresses: file }, dead);
      expect(codeOf(refused), refused.error).to.equal("chain/unreachable");
    });
  });
});
