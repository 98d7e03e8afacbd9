import path from "node:path";
import { readFile, writeFile } from "node:fs/promises";

import { expect } from "chai";
import { z } from "zod";

import { formatEvidence, parseEvidence } from "../../src/evidence/index.ts";
import { readerOf } from "../../src/chain/readerOf.ts";
import { fund, impersonate, sendFrom } from "../../src/testing/cheats.ts";
import type { DevnetOperator } from "../../src/testing/operators.ts";
import {
  encodeEquivocation,
  encodeEquivocationEvidence,
  encodeFalsehoodEvidence,
  encodeSettlementItem,
  ZERO_WORD,
  type Checkpoint,
  type Equivocation,
  type FalsehoodEvidence,
  type Statement,
} from "../../src/wire/index.ts";
import { finalOf, inventedWord, signedBy } from "../src/agents/watching/lies.ts";
import { codeOf, runTask, useServed, type Run } from "./served.ts";

const status = z.enum(["open", "done", "before", "refused"]);
const fate = { status, reason: z.string().nullable(), txHash: z.string().nullable() };
/** What scripts rely on. */
const Result = z.strictObject({
  offence: z.enum(["equivocation", "falsehood", "unsettled"]),
  source: z.string(),
  destination: z.string(),
  level: z.enum(["fast", "final"]),
  words: z.array(z.strictObject({ word: z.string(), count: z.string(), signers: z.array(z.string()) })).length(2),
  convictions: z.array(
    z.strictObject({ operator: z.string(), degree: z.enum(["lone", "quorum"]), wad: z.string(), ...fate }),
  ),
  revocations: z.array(z.strictObject({ at: z.string(), tableId: z.string(), ...fate })),
});

const EVERYWHERE = ["L1's ServiceManager", "l1", "alpha", "beta"];

describe("evidence:check and evidence:submit", function () {
  this.timeout(60_000);

  const world = useServed();
  let file: string;

  before(() => {
    file = path.join(world.folder, "evidence.json");
  });

  const run = (task: string, args: Readonly<Record<string, unknown>> = {}): Promise<Run> =>
    runTask(task, { addresses: world.file, file, ...args });
  const check = (args: Readonly<Record<string, unknown>> = {}): Promise<Run> => run("evidence:check", args);
  const submit = (args: Readonly<Record<string, unknown>> = {}): Promise<Run> => run("evidence:submit", args);

  const addressesOf = (operators: readonly DevnetOperator[]): string[] => operators.map(({ address }) => address);

  /** Evidence that one group signed one word of alpha's lane to beta, and the other another. */
  async function evidenceOf(
    first: readonly DevnetOperator[],
    second: readonly DevnetOperator[],
    words: readonly [string, string] = ["one", "other"],
  ): Promise<Equivocation> {
    const { fabric } = world;
    const [l1, alpha, beta] = fabric.members.map(({ id, chainId, signer }) => ({
      id,
      chainId,
      provider: readerOf(signer),
    }));
    const domain = { settlementChainId: l1!.chainId, serviceManager: fabric.contracts.serviceManager };
    const sign = async (name: string, signers: readonly DevnetOperator[]): Promise<Statement> => {
      const said: Checkpoint = await finalOf(alpha!, beta!, inventedWord(alpha!, beta!, name, 1));
      return await signedBy({ fabric, domain }, said, signers);
    };
    return { a: await sign(words[0], first), b: await sign(words[1], second), from: ZERO_WORD, messageHashes: [] };
  }

  it("says whom evidence convicts of what before anything is sent; then convicts and revokes, and has nothing left", async () => {
    const corrupt = world.fabric.operators.slice(0, 6);
    await writeFile(file, formatEvidence(await evidenceOf(corrupt, corrupt)));
    for (const dry of [await check(), await submit({ dryRun: true })]) {
      const { convictions, revocations, source, destination, words } = Result.parse(dry.result);
      expect([source, destination, dry.exitCode]).to.deep.equal(["alpha", "beta", 0]);
      expect(words.map(({ signers }) => signers.length)).to.deep.equal([6, 6]);
      expect(convictions.map(({ operator }) => operator)).to.have.members(addressesOf(corrupt));
      for (const one of convictions) {
        expect(one).to.deep.include({ degree: "quorum", wad: String(10n ** 18n), status: "open", txHash: null });
      }
      expect(revocations.map(({ at }) => at)).to.deep.equal(EVERYWHERE);
      expect(new Set(revocations.map((one) => one.status))).to.deep.equal(new Set(["open"]));
    }

    const done = await submit();
    expect([done.error, done.stderr, done.exitCode]).to.deep.equal(["", "", 0]);
    const { convictions, revocations } = Result.parse(done.result);
    for (const one of [...convictions, ...revocations]) {
      expect(one.status).to.equal("done");
      expect(one.txHash).to.match(/^0x[0-9a-f]{64}$/);
    }
    for (const again of [await check(), await submit()]) {
      const left = Result.parse(again.result);
      expect(new Set(left.convictions.map((one) => one.status))).to.deep.equal(new Set(["before"]));
      expect([left.revocations, again.exitCode]).to.deep.equal([[], 0]);
    }
  });

  it("convicts the operator that signed both, of a lone equivocation, and revokes nothing; goes on after an interruption", async () => {
    const [one, two, three] = world.fabric.operators;
    await writeFile(file, formatEvidence(await evidenceOf([one!, two!], [two!, three!])));
    const first = Result.parse((await submit()).result);
    expect(first.convictions.map(({ operator, degree, wad }) => [operator, degree, wad])).to.deep.equal([
      [two!.address, "lone", String(10n ** 16n)],
    ]);
    expect(first.revocations).to.deep.equal([]);

    await writeFile(file, formatEvidence(await evidenceOf([one!, two!], [one!, two!])));
    const second = await submit();
    expect(Result.parse(second.result).convictions.map((found) => [found.operator, found.status])).to.have.deep.members(
      [
        [one!.address, "done"],
        [two!.address, "before"],
      ],
    );
    expect(second.exitCode).to.equal(0);
  });

  it("takes the bytes of either contract's evidence too, and its own file", async () => {
    const [one] = world.fabric.operators;
    const equivocation = await evidenceOf([one!], [one!]);
    const listing = { tableId: `0x${"22".repeat(32)}`, index: 0 };
    for (const text of [
      encodeEquivocation(equivocation),
      `${encodeEquivocationEvidence({ equivocation, a: listing, b: listing })}\n`,
      formatEvidence(equivocation),
    ]) {
      expect(parseEvidence(text)).to.deep.equal(equivocation);
    }
  });

  describe("of a falsehood", () => {
    /** Evidence that operators signed another word than the one that alpha settles at count 1. */
    async function falsehoodOf(signers: readonly DevnetOperator[], name = "lie"): Promise<FalsehoodEvidence> {
      const { a } = await evidenceOf(signers, signers, [name, "other"]);
      const listing = { tableId: `0x${"22".repeat(32)}`, index: 0 };
      return { statement: a, listing, settledCount: 1n, from: ZERO_WORD, messageHashes: [] };
    }
    /** Alpha's bridge settles what it never sent: its source is the judge. */
    async function settle(name: string): Promise<void> {
      const [l1, alpha, beta] = world.fabric.members;
      const { provider } = l1;
      const item = encodeSettlementItem({
        ...{ kind: "word", destination: beta!.id, laneWord: inventedWord(alpha!, beta!, name, 1) },
        ...{ time: 0n, current: false },
      });
      const data = world.fabric.settlement.interface.encodeFunctionData("onSettled", [[item]]);
      await impersonate(provider, alpha!.l1Bridge);
      await fund(provider, alpha!.l1Bridge, 10n ** 18n);
      await sendFrom(provider, { from: alpha!.l1Bridge, to: world.fabric.contracts.settlement, data });
    }
    async function accept(wad: bigint): Promise<void> {
      const alpha = world.fabric.members[1]!;
      await (await world.fabric.settlement.getFunction("announceFalsehoodWad").send(alpha.id, wad)).wait();
    }

    it("says whom it convicts of what, convicts, and has nothing left", async () => {
      const [one, two] = world.fabric.operators;
      await settle("truth");
      await accept(10n ** 17n);
      await writeFile(file, formatEvidence(await falsehoodOf([one!, two!])));
      for (const [run, fate] of [
        [await check(), "open"],
        [await submit(), "done"],
        [await check(), "before"],
      ] as const) {
        const { offence, words, convictions, revocations } = Result.parse(run.result);
        expect([offence, revocations, run.exitCode]).to.deep.equal(["falsehood", [], 0]);
        expect(words.map(({ signers }) => signers.length)).to.deep.equal([2, 0]);
        expect(
          convictions.map(({ operator, degree, wad, status: found }) => [operator, degree, wad, found]),
        ).to.have.deep.members([one!, two!].map(({ address }) => [address, "lone", String(10n ** 17n), fate]));
      }
      const { stdout } = await check({ json: false });
      expect(stdout).to.contain("a word, and what is settled").and.to.contain("falsehood, loses 10 % of its stake");
    });

    it("takes its own file and the contract's bytes", async () => {
      const evidence = await falsehoodOf([world.fabric.operators[0]!]);
      for (const text of [encodeFalsehoodEvidence(evidence), formatEvidence(evidence)]) {
        expect(parseEvidence(text)).to.deep.equal(evidence);
      }
    });

    it("says what is missing: a settled word that contradicts it, stake that answers, an operator that signed", async () => {
      const [one] = world.fabric.operators;
      const codes = async (evidence: FalsehoodEvidence): Promise<string | undefined> => {
        await writeFile(file, formatEvidence(evidence));
        return codeOf(await submit());
      };
      expect(await codes(await falsehoodOf([one!]))).to.equal("wire/no-contradiction");
      await settle("truth");
      expect(await codes(await falsehoodOf([one!], "truth"))).to.equal("wire/no-contradiction");
      expect(await codes(await falsehoodOf([one!]))).to.equal("evidence/nothing-accepted");
      await accept(1n);
      const evidence = await falsehoodOf([one!]);
      const elsewhere = { ...evidence.statement.checkpoint, reachedBy: 5n };
      expect(await codes({ ...evidence, statement: { ...evidence.statement, checkpoint: elsewhere } })).to.equal(
        "evidence/nobody",
      );
    });
  });

  it("names what is wrong with evidence, and sends nothing on it", async () => {
    const [one, two] = world.fabric.operators;
    const refused = async (text: string): Promise<string | undefined> => {
      await writeFile(file, text);
      const [checked, submitted] = [await check(), await submit()];
      expect([checked.exitCode, submitted.exitCode, codeOf(submitted)]).to.deep.equal([1, 1, codeOf(checked)]);
      return codeOf(checked);
    };
    expect(await refused("nothing")).to.equal("evidence/malformed");
    expect(await refused('{"version":2}')).to.equal("evidence/malformed");
    expect(await refused("0x1234")).to.equal("evidence/malformed");
    expect(await refused(formatEvidence(await evidenceOf([one!], [one!], ["one", "one"])))).to.equal(
      "wire/no-conflict",
    );
    expect(await refused(formatEvidence(await evidenceOf([one!], [two!])))).to.equal("evidence/nobody");
    expect(codeOf(await check({ file: path.join(world.folder, "none") }))).to.equal("evidence/unreadable");
    expect(await readFile(file, "utf8")).to.contain("evidence");
  });

  it("says with exit code 3 what was refused, and does the rest", async () => {
    const [one] = world.fabric.operators;
    await writeFile(file, formatEvidence(await evidenceOf([one!], [one!])));
    const { signer, provider } = world.l1;
    const request = provider.request.bind(provider);
    const poor = await signer.getAddress();
    // A node that takes no transaction stands for an account without money.
    Object.assign(provider, {
      request: async (call: { method: string }) => {
        if (call.method === "eth_sendTransaction") throw new Error(`${poor} has insufficient funds`);
        return await request(call);
      },
    });
    try {
      const { result, exitCode, stderr } = await submit();
      expect(exitCode).to.equal(3);
      expect(stderr).to.contain("[evidence/not-sent]").and.to.contain("insufficient funds");
      expect(Result.parse(result).convictions.map((found) => found.status)).to.deep.equal(["refused"]);
    } finally {
      Object.assign(provider, { request });
    }
    expect(Result.parse((await submit()).result).convictions.map((found) => found.status)).to.deep.equal(["done"]);
  });

  it("tells people the same in words", async () => {
    const corrupt = world.fabric.operators.slice(0, 6);
    await writeFile(file, formatEvidence(await evidenceOf(corrupt, corrupt)));
    const checked = await check({ json: false });
    for (const text of [
      "The evidence holds",
      "alpha → beta",
      "to be convicted",
      "100 % of its stake",
      "to be revoked",
    ]) {
      expect(checked.stdout).to.contain(text);
    }
    const done = await submit({ json: false });
    expect(done.stdout).to.contain("convicted").and.to.contain("revoked").and.to.not.contain("to be");
  });
});
