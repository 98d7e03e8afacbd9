import path from "node:path";
import { writeFile } from "node:fs/promises";

import { expect } from "chai";
import { Contract, getAddress, type Signer } from "ethers";
import { z } from "zod";

import { EIGENLAYER, EIGENLAYER_INTERFACE } from "../../src/chain/eigenlayer.ts";
import { operatorSigner } from "../../src/agents/operatorSigner.ts";
import { createKeystore, readKeystore } from "../../src/operators/keystore.ts";
import { mine } from "../../src/testing/cheats.ts";
import { codeOf, runTask, useServed, type Run } from "./served.ts";

const PASSWORD = "correct horse battery";
const ENDPOINT = "https://operator.example";

const integer = z.string().regex(/^\d+$/);
const Strategy = z.strictObject({
  strategy: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
  status: z.enum(["done", "open", "waiting", "blocked", "none"]),
  detail: z.string(),
  weight: integer,
  slashable: integer,
});
const Step = z.strictObject({
  name: z.string(),
  status: z.enum(["done", "open", "waiting", "blocked"]),
  detail: z.string(),
  strategies: z.array(Strategy).optional(),
});
const membership = {
  operator: z.string(),
  blockNumber: z.number(),
  isOperator: z.boolean(),
  keyType: z.enum(["ecdsa", "bn254"]),
  key: z.string().nullable(),
  bond: integer,
  requiredBond: integer,
  isMember: z.boolean(),
  isSlashable: z.boolean(),
  isTombstoned: z.boolean(),
  weight: integer,
  minWeight: integer,
  seat: z.strictObject({ tableId: z.string(), index: z.number(), weight: integer, totalWeight: integer }).nullable(),
};
/** What scripts rely on. */
const Status = z.strictObject({ ...membership, steps: z.array(Step) });
const Steps = Status.extend({
  dryRun: z.boolean(),
  taken: z.array(z.strictObject({ name: z.string(), transactions: z.array(z.string().regex(/^0x[0-9a-f]{64}$/)) })),
});

describe("operator:register, operator:status and operator:deregister", function () {
  this.timeout(60_000);

  const world = useServed();
  let keystore: string;
  let passwordFile: string;
  let newcomer: Signer;
  let account: string;

  before(async () => {
    keystore = path.join(world.folder, "key.json");
    passwordFile = path.join(world.folder, "password");
    await createKeystore(keystore, PASSWORD, { scryptN: 2 });
    await writeFile(passwordFile, PASSWORD);
  });

  beforeEach(async () => {
    const { addresses, fabric } = world;
    const [l1] = fabric.members;
    const accounts = (await l1.provider.request({ method: "eth_accounts", params: [] })) as string[];
    account = getAddress(accounts[5]!);
    newcomer = await (l1.signer.provider as unknown as { getSigner(at: string): Promise<Signer> }).getSigner(account);
    const mint = "function mint(address to, uint256 amount)";
    await new Contract(addresses.settlement.contracts.token!, [mint], newcomer)
      .getFunction("mint")
      .send(account, 100n * 10n ** 18n);
  });

  type Args = Readonly<Record<string, unknown>>;
  const run = (task: string, args: Args = {}): Promise<Run> =>
    runTask(task, { addresses: world.file, account, ...args });
  const register = (args: Args = {}): Promise<Run> =>
    run("operator:register", { key: keystore, passwordFile, endpoint: ENDPOINT, deposit: "40", yes: true, ...args });
  const statusesOf = ({ result }: Run): Record<string, string> =>
    Object.fromEntries((result as z.infer<typeof Status>).steps.map(({ name, status }) => [name, status]));

  it("takes all steps to membership at once; the next table lists the operator; run again, it does nothing", async () => {
    const before = await run("operator:status");
    expect([Status.parse(before.result).isOperator, before.exitCode]).to.deep.equal([false, 4]);

    const registered = await register();
    expect(registered.error).to.equal("");
    const { taken, isMember, weight, key } = Steps.parse(registered.result);
    expect(taken.map(({ name }) => name)).to.deep.equal([
      "operator",
      "stake",
      "allocation",
      "key",
      "bond",
      "membership",
    ]);
    expect([isMember, weight, registered.exitCode]).to.deep.equal([true, String(40n * 10n ** 18n), 0]);
    expect(key).to.equal(operatorSigner(await readKeystore(keystore, PASSWORD)).address);

    const waiting = await run("operator:status");
    expect([Status.parse(waiting.result).seat, waiting.exitCode]).to.deep.equal([null, 2]);
    const { strategies } = Status.parse(waiting.result).steps.find(({ name }) => name === "allocation")!;
    expect(strategies!.map(({ status, weight: all, slashable }) => [status, all, slashable])).to.deep.equal([
      ["done", weight, weight],
    ]);
    await world.fabric.publishTable();
    const listed = await run("operator:status");
    expect(Status.parse(listed.result).seat?.weight).to.equal(String(40n * 10n ** 18n));
    expect(listed.exitCode).to.equal(0);

    const again = await register({ yes: false });
    expect([again.error, Steps.parse(again.result).taken, again.exitCode]).to.deep.equal(["", [], 0]);
  });

  it("goes on where it stopped: says what is missing, keeps what is done", async () => {
    const poor = await register({ deposit: undefined });
    expect(codeOf(poor)).to.equal("operator/blocked");
    expect(poor.error).to.contain("no stake in any strategy that counts").and.to.contain("--deposit");
    const keyless = await register({ key: undefined });
    expect(codeOf(keyless)).to.equal("operator/blocked");
    expect(keyless.error).to.contain("operator:keygen");
    const nowhere = await register({ endpoint: undefined });
    expect(codeOf(nowhere)).to.equal("operator/blocked");
    expect(nowhere.error).to.contain("--endpoint");
    const { steps } = Status.parse((await run("operator:status")).result);
    expect(steps.filter(({ status }) => status === "done").map(({ name }) => name)).to.deep.equal([
      "operator",
      "stake",
      "allocation",
      "key",
      "bond",
    ]);
    const last = await register({ deposit: undefined, key: undefined });
    expect(Steps.parse(last.result).taken.map(({ name }) => name)).to.deep.equal(["membership"]);
  });

  it("waits for an allocation that has its effect later, with exit code 2, and ends once it has", async () => {
    const early = await register({ allocationDelay: 50 });
    expect([early.error, early.exitCode]).to.deep.equal(["", 2]);
    expect(statusesOf(early)).to.include({ allocation: "waiting", bond: "done", membership: "open" });
    await mine(world.fabric.members[0].provider, 50);
    const late = await register();
    expect([statusesOf(late)["membership"], late.exitCode]).to.deep.equal(["done", 0]);
  });

  it("does nothing with --dry-run, nor without --yes where nobody can be asked", async () => {
    const dry = await register({ dryRun: true, yes: false });
    expect([dry.exitCode, Steps.parse(dry.result).taken]).to.deep.equal([0, []]);
    expect(statusesOf(dry)).to.include({ operator: "open", key: "open" });
    expect(codeOf(await register({ yes: false }))).to.equal("operator/unconfirmed");
    expect(Status.parse((await run("operator:status")).result).isOperator).to.equal(false);
  });

  it("names what a contract refuses, a wrong password, another key, a bad amount, an unknown account", async () => {
    const failed = await register({ deposit: "1000" });
    expect(codeOf(failed)).to.equal("operator/step-failed");
    expect(failed.error).to.contain("ERC20InsufficientBalance");
    await writeFile(`${passwordFile}.wrong`, "something else");
    expect(codeOf(await register({ passwordFile: `${passwordFile}.wrong` }))).to.equal("keystore/wrong-password");
    expect(codeOf(await register({ deposit: "lots" }))).to.equal("operator/bad-deposit");
    expect(codeOf(await register({ account: `0x${"11".repeat(20)}` }))).to.equal("account/unknown");
    await register();
    const other = path.join(world.folder, "other.json");
    await createKeystore(other, PASSWORD, { scryptN: 2 }).catch(() => undefined);
    expect(codeOf(await register({ key: other }))).to.equal("operator/other-key");
  });

  it("leaves, keeps the bond as long as it answers for something, then takes it back", async () => {
    await register();
    const dry = await run("operator:deregister", { dryRun: true });
    expect(statusesOf(dry)).to.deep.equal({ leave: "open", bond: "waiting" });
    const left = await run("operator:deregister", { yes: true });
    expect(left.error).to.equal("");
    expect([statusesOf(left), left.exitCode]).to.deep.equal([{ leave: "done", bond: "waiting" }, 2]);
    const [l1] = world.fabric.members;
    const allocations = new Contract(EIGENLAYER.allocationManager, EIGENLAYER_INTERFACE.allocationManager, l1.signer);
    const delay = Number(await allocations.getFunction("DEALLOCATION_DELAY").staticCall());
    const { steps, blockNumber } = Steps.parse(left.result);
    expect(steps[1]!.detail).to.contain(String(blockNumber + delay + 1));
    await mine(l1.provider, delay);
    expect(statusesOf(await run("operator:deregister", { yes: true }))["bond"]).to.equal("waiting");
    await mine(l1.provider, 1);
    const out = await run("operator:deregister", { yes: true });
    const { bond, taken } = Steps.parse(out.result);
    expect([bond, taken.map(({ name }) => name), out.exitCode]).to.deep.equal(["0", ["bond"], 0]);
  });

  it("tells people the same in words", async () => {
    const { stdout } = await register({ json: false });
    for (const text of [account, "done", "Transactions", "0x"]) expect(stdout).to.contain(text);
    const status = await run("operator:status", { json: false });
    expect(status.stdout).to.contain("40.0 in a table taken now").and.to.contain("does not list it");
    expect(status.stdout).to.match(/ {2}strategy +done +0x\w{40}: stake of weight 40\.0: Parley may slash 40\.0 of it/);
  });
});
