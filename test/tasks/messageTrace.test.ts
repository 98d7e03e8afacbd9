import { expect } from "chai";
import { AbiCoder, ZeroHash } from "ethers";
import { z } from "zod";

import { MemorySigningStore, Operator } from "../../src/agents/index.ts";
import { createAgents } from "../../src/testing/fabricAgents.ts";
import { Relayer } from "../../src/agents/relayer.ts";
import { readerOf } from "../../src/chain/readerOf.ts";
import { Flaky__factory } from "../../types/ethers-contracts/factories/test/recipients/Flaky__factory.ts";
import { Caller__factory } from "../../types/ethers-contracts/factories/test/recipients/Caller__factory.ts";
import { settleLane } from "../e2e/settleLane.ts";
import { codeOf, runTask, useServed, type Run } from "./served.ts";

const decimal = z.string().regex(/^\d+$/);
const id = z.string().regex(/^0x[0-9a-f]{64}$/);
const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/);
const levelName = z.enum(["fast", "final", "settled"]);

/** What scripts rely on. */
const Trace = z.strictObject({
  id,
  from: z.string(),
  to: z.string(),
  nonce: decimal,
  status: z.enum(["sent", "final", "failed", "delivered"]),
  sender: address,
  recipient: address,
  txHash: id,
  blockNumber: z.number(),
  sentAt: decimal,
  confirmations: z.strictObject({ have: z.number(), needed: z.union([z.number(), z.literal("finalized")]) }),
  options: z.strictObject({ gasLimit: decimal.nullable(), minFinality: levelName.nullable() }),
  payload: z.string(),
  text: z.string().nullable(),
  waitsFor: z.string().nullable(),
  table: z
    .strictObject({
      id,
      snapshot: decimal,
      expiry: decimal,
      operators: z.number().nullable(),
      totalWeight: decimal.nullable(),
      quorumBps: decimal.nullable(),
    })
    .nullable(),
  signatures: z
    .strictObject({
      how: z.enum(["taken", "asked"]),
      level: levelName,
      signedWeight: decimal,
      totalWeight: decimal,
      operators: z.array(
        z.strictObject({
          operator: address,
          weight: decimal,
          answer: z.enum(["signed", "absent", "refused", "silent", "unreached"]),
          code: z.string().optional(),
          reason: z.string().optional(),
        }),
      ),
    })
    .nullable(),
  delivery: z
    .strictObject({
      txHash: id,
      blockNumber: z.number(),
      relayer: address,
      gasUsed: decimal,
      batchSize: z.number(),
      level: levelName.nullable(),
      proof: z.enum(["certificate", "held"]).nullable(),
      heldBy: id.nullable(),
    })
    .nullable(),
  attempts: z.array(
    z.strictObject({
      txHash: id,
      blockNumber: z.number(),
      relayer: address.nullable(),
      error: z.string().nullable(),
      args: z.record(z.string()),
      reason: z.string(),
      data: z.string(),
    }),
  ),
});
const Sent = z.object({ messages: z.array(z.object({ id: z.string() })) });

describe("message:trace", function () {
  this.timeout(60_000);

  const world = useServed({
    rollups: {
      alpha: { network: "parleyAlpha", finality: { confirmations: 2 } },
      beta: { network: "parleyBeta" },
    },
  });
  let flaky: Awaited<ReturnType<Flaky__factory["deploy"]>>;

  beforeEach(async () => {
    flaky = await new Flaky__factory(world.beta.signer).deploy();
  });

  type Args = Readonly<Record<string, unknown>>;
  const run = (message: string, args: Args = {}): Promise<Run> =>
    runTask("message:trace", { addresses: world.file, id: message, ...args });
  const trace = async (message: string, args: Args = {}): Promise<z.infer<typeof Trace>> =>
    Trace.parse((await run(message, args)).result);
  const send = async (args: Args = {}): Promise<string> => {
    const order = { from: "alpha", to: "beta", text: "Hello", recipient: await flaky.getAddress(), ...args };
    const { result } = await runTask("message:send", { addresses: world.file, ...order });
    return Sent.parse(result).messages[0]!.id;
  };
  const answersOf = ({ signatures }: z.infer<typeof Trace>): string[] =>
    signatures!.operators.map(({ answer }) => answer);

  it("tells of a delivered message who signed, what delivered it, and what it is", async () => {
    await flaky.setMended(true);
    const message = await send({ gasLimit: "300000", minFinality: "final" });
    await world.fabric.finalize();
    const report = await world.relayer.step();
    const traced = await trace(message);

    expect(traced).to.include({ id: message, from: "alpha", to: "beta", nonce: "0", status: "delivered" });
    expect(traced).to.include({ text: "Hello", payload: "0x48656c6c6f", waitsFor: null });
    expect(traced.options).to.deep.equal({ gasLimit: "300000", minFinality: "final" });
    expect(traced.confirmations).to.deep.equal({ have: 2, needed: 2 });
    expect(traced.attempts).to.deep.equal([]);
    expect(traced.delivery).to.include({
      txHash: report.delivered[0]!.txHash,
      relayer: await world.beta.signer.getAddress(),
      gasUsed: String(report.delivered[0]!.gasUsed),
      batchSize: 1,
      level: "final",
      proof: "certificate",
      heldBy: null,
    });
    // Of 8 equal ones 6 are a quorum; a relayer pays for no more.
    expect(traced.signatures).to.include({ how: "taken", level: "final" });
    expect(answersOf(traced).sort()).to.deep.equal(["absent", "absent", ...Array<string>(6).fill("signed")]);
    const keys = world.fabric.operators.map(({ keyAddress }) => keyAddress);
    expect(traced.signatures!.operators.map(({ operator }) => operator)).to.have.members(keys);
    expect(BigInt(traced.signatures!.signedWeight) * 4n).to.equal(BigInt(traced.signatures!.totalWeight) * 3n);
    expect(traced.table).to.include({ operators: 8, quorumBps: "6667", totalWeight: traced.signatures!.totalWeight });
  });

  it("tells who signed although the table in force is another one since", async () => {
    await flaky.setMended(true);
    const message = await send();
    await world.fabric.finalize();
    await world.relayer.step();
    const before = await trace(message);
    for (const { provider } of world.fabric.members) {
      await provider.request({ method: "evm_increaseTime", params: [3600] });
    }
    await world.fabric.publishTable();
    const after = await trace(message);
    expect(after.table!.id).to.not.equal(before.table!.id);
    expect(after.signatures).to.deep.equal(before.signatures);
  });

  it("tells of a message that went by a held word which transaction held it, and who signed that", async () => {
    await flaky.setMended(true);
    const message = await send();
    await world.fabric.finalize();
    const [l1] = world.fabric.members;
    const { settlement, serviceManager } = world.fabric.contracts;
    const members = world.fabric.members.map(({ ref, signer, ...member }) => ({
      ...member,
      ...ref,
      provider: readerOf(signer),
      signer,
    }));
    const access = { chainId: l1.chainId, settlement, serviceManager, signer: l1.signer, startBlock: 0 };
    const { operators } = createAgents(world.fabric);
    await new Relayer({ settlement: access, members, operators, advanceFrom: 1 }).step();

    const { delivery, signatures } = await trace(message);
    expect(delivery).to.include({ proof: "held", level: "final" });
    const held = await readerOf(world.beta.signer).getTransaction(delivery!.heldBy!);
    expect(world.beta.gateway.interface.parseTransaction({ data: held!.data })!.name).to.equal("advance");
    expect(signatures!.operators.filter(({ answer }) => answer === "signed")).to.have.length(6);
  });

  it("tells of a message that went by a settled word that no operator had a say", async () => {
    await flaky.setMended(true);
    const message = await send({ minFinality: "settled" });
    await world.fabric.finalize();
    await settleLane(world.fabric, world.alpha.id, world.beta.id, 1);
    await world.relayer.step();
    const { delivery, signatures, status } = await trace(message);
    expect(status).to.equal("delivered");
    expect(delivery).to.include({ proof: "held", level: "settled" });
    expect(delivery!.heldBy).to.not.equal(null);
    expect(signatures).to.equal(null);
    expect((await run(message, { json: false })).stdout).to.contain("none needed: proven through L1");
  });

  it("tells nothing false of a delivery that another contract made", async () => {
    await flaky.setMended(true);
    const message = await send();
    await world.fabric.finalize();
    const snapshot = await world.beta.provider.request({ method: "evm_snapshot" });
    const [delivered] = (await world.relayer.step()).delivered;
    const { data } = (await readerOf(world.beta.signer).getTransaction(delivered!.txHash))!;
    await world.beta.provider.request({ method: "evm_revert", params: [snapshot] });
    const caller = await new Caller__factory(world.beta.signer).deploy();
    const calls = [[{ target: world.beta.ref.gateway, data, required: true }]];
    const type = "tuple(address target, bytes data, bool required)[]";
    await caller.receiveMessage(ZeroHash, "0x", AbiCoder.defaultAbiCoder().encode([type], calls));

    const { delivery, signatures } = await trace(message);
    expect(delivery).to.include({ relayer: await caller.getAddress(), proof: null, level: null });
    expect(signatures).to.equal(null);
    expect((await run(message, { json: false })).stdout).to.contain("not to be read from the delivering transaction");
  });

  it("asks at level fast about a message that is not final where the destination takes that", async () => {
    await flaky.setMended(true);
    await world.beta.gateway.getFunction("setSource").send(world.alpha.id, 1, 0, false);
    const message = await send();
    const traced = await trace(message);
    expect(traced).to.include({ status: "sent", waitsFor: "a quorum of operators and a relayer" });
    expect(traced.signatures).to.include({ how: "asked", level: "fast" });
    expect(new Set(answersOf(traced))).to.deep.equal(new Set(["signed"]));
    await world.relayer.step();
    expect((await trace(message)).delivery).to.include({ level: "fast" });
  });

  it("tells of a message on its way what each operator answers: signed, refused and why, silent", async () => {
    const message = await send();
    await world.fabric.finalize();
    const [first, second] = world.operators;
    const node = { ...world.alpha, ...world.alpha.ref, provider: readerOf(world.alpha.signer) };
    const blind = new Operator({
      nodes: [node],
      domain: { settlementChainId: world.l1.chainId, serviceManager: world.fabric.contracts.serviceManager },
      key: world.fabric.operators[0]!.key,
      store: new MemorySigningStore(),
    });
    const mute = { address: second!.address, certify: async () => Promise.reject(new Error("out of order")) };
    world.operators.splice(0, 2, blind, mute);

    const traced = await trace(message);
    expect(traced.status).to.equal("final");
    expect(traced.signatures).to.include({ how: "asked", level: "final" });
    const answers = new Map(traced.signatures!.operators.map((voice) => [voice.operator, voice]));
    expect(answers.get(first!.address)).to.include({ answer: "refused", code: "operator/unknown-member" });
    expect(answers.get(second!.address)).to.include({ answer: "silent", code: "operator/silent" });
    expect(answersOf(traced).filter((answer) => answer === "signed")).to.have.length(6);
    expect(traced.delivery).to.equal(null);
  });

  it("tells of a message that is not final that operators refuse it yet", async () => {
    const traced = await trace(await send());
    expect(traced.status).to.equal("sent");
    expect(traced.confirmations).to.deep.equal({ have: 0, needed: 2 });
    expect(traced.waitsFor).to.equal("2 more blocks on alpha, until it is final");
    expect(new Set(traced.signatures!.operators.map(({ code }) => code))).to.deep.equal(
      new Set(["operator/not-reached"]),
    );
  });

  it("asks the operators at the URLs that it is given, and tells which of the table it cannot reach", async () => {
    const message = await send();
    await world.fabric.finalize();
    const traced = await trace(message, { operators: `${world.operatorUrls[3]!}/,${world.operatorUrls[4]!}` });
    const signed = traced.signatures!.operators.filter(({ answer }) => answer === "signed");
    expect(signed.map(({ operator }) => operator)).to.have.members([
      world.operators[3]!.address,
      world.operators[4]!.address,
    ]);
    expect(answersOf(traced).filter((answer) => answer === "unreached")).to.have.length(6);
  });

  it("tells of a failed message each attempt, with the revert decoded by the project's own contracts", async () => {
    const message = await send();
    await world.fabric.finalize();
    await world.relayer.step();
    const { result, exitCode } = await run(message);
    const { attempts, status } = Trace.parse(result);
    expect(exitCode).to.equal(3);
    expect(status).to.equal("failed");
    expect(attempts).to.have.length(1);
    expect(attempts[0]).to.include({
      error: "Broken",
      reason: "Broken()",
      data: flaky.interface.getError("Broken")!.selector,
      relayer: await world.beta.signer.getAddress(),
    });
  });

  it("tells it to a person without --json", async () => {
    const message = await send();
    await world.fabric.finalize();
    await world.relayer.step();
    const { stdout } = await run(message, { json: false });
    expect(stdout).to.match(/^alpha → beta, nonce 0: failed\n0x[0-9a-f]{64}\n/);
    expect(stdout).to.contain('"Hello" (5 bytes)').and.to.contain("2 confirmations, 2 needed to be final");
    expect(stdout).to.contain("8 of 8 operators would sign it now, 100 % of the weight, level final");
    expect(stdout).to.match(/attempt 1 +beta block \d+, tx 0x[0-9a-f]{64}\n +Broken\(\)\n/);

    await flaky.setMended(true);
    await world.relayer.step();
    const delivered = await run(message, { json: false });
    expect(delivered.stdout).to.contain("6 of 8 operators in the certificate, 75 % of the weight, level final");
    expect(delivered.stdout)
      .to.match(/delivered +beta block \d+, tx 0x/)
      .and.to.match(/attempt 1 /);
  });

  it("shows bytes that are no text as they are", async () => {
    expect(await trace(await send({ text: undefined, payload: "0x00ff" }))).to.include({
      payload: "0x00ff",
      text: null,
    });
    expect((await trace(await send({ text: undefined, payload: "0x1b5b33316d" }))).text).to.equal(null);
    expect((await trace(await send({ text: "Grüße\n" }))).text).to.equal("Grüße\n");
  });

  it("knows an id that is on no lane as unknown: exit code 4", async () => {
    const { result, exitCode, stderr } = await run(`0x${"ab".repeat(32)}`);
    expect(result).to.deep.equal({ id: `0x${"ab".repeat(32)}`, status: "unknown" });
    expect(exitCode).to.equal(4);
    expect(stderr).to.contain("[message/unknown]");
  });

  it("refuses URLs at which there is no operator", async () => {
    const message = await send();
    expect(codeOf(await run(message, { operators: world.urls["alpha"] }))).to.equal("operator/bad-answer");
    expect(codeOf(await run(message, { operators: "http://127.0.0.1:9" }))).to.equal("operator/unreachable");
  });
});
