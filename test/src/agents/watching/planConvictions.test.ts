import { expect } from "chai";
import { BaseWallet, computeAddress, id, SigningKey } from "ethers";

import {
  planConvictions,
  planRevocation,
  type Contradiction,
  type PlannedConviction,
} from "../../../../src/agents/watching/planConvictions.ts";
import { signedStatement, type SignedStatement } from "../../../../src/agents/watching/signedStatement.ts";
import type { TakenTable } from "../../../../src/agents/watching/tables.ts";
import {
  certificateDigest,
  checkConflict,
  checkpointLeaf,
  Degree,
  isQuorum,
  signedWeight,
  signRoot,
  totalWeight,
  ZERO_WORD,
  type Checkpoint,
  type OperatorTable,
  type Statement,
} from "../../../../src/wire/index.ts";
import { branch, final, wordAt } from "../statements.ts";

const DOMAIN = { settlementChainId: 1n, serviceManager: "0x00000000000000000000000000000000000000bb" };

const keyOf = (name: string): SigningKey => new SigningKey(id(name));
const addressOf = (name: string): string => computeAddress(keyOf(name).publicKey);

/** A table of these keys, of weight 10 each unless said otherwise. */
function tableOf(
  blockNumber: number,
  names: readonly string[],
  { heavy, weightFloor = 1n }: { heavy?: string; weightFloor?: bigint } = {},
): TakenTable {
  const operators = names
    .map((name) => ({ key: addressOf(name), weight: name === heavy ? 1_000n : 10n }))
    .sort((a, b) => (BigInt(a.key) < BigInt(b.key) ? -1 : 1));
  const table: OperatorTable = { scheme: 1, snapshot: 1n, expiry: 2n, weightFloor, members: [], operators };
  return { id: id(`table ${blockNumber}`), table, blockNumber };
}

async function saidBy(checkpoint: Checkpoint, names: readonly string[]): Promise<SignedStatement> {
  const signatures = await Promise.all(
    names.map((name) => signRoot(new BaseWallet(keyOf(name)), DOMAIN, checkpointLeaf(checkpoint))),
  );
  return signedStatement({ checkpoint, siblings: [], signatures }, DOMAIN);
}

describe("R24, R25: planConvictions", () => {
  const [one, other] = [final(wordAt(branch("one", 2), 2)), final(wordAt(branch("other", 2), 2))];
  const names = ["a", "b", "c", "d"];
  /** Each key belongs to the operator of its name; a2 is a later key of a's. */
  const owners = new Map([...names, "a2"].map((name) => [addressOf(name).toLowerCase(), `operator ${name[0]!}`]));

  const contradiction = async (first: readonly string[], second: readonly string[]): Promise<Contradiction> => ({
    a: [await saidBy(one, first)],
    b: [await saidBy(other, second)],
    from: ZERO_WORD,
    messageHashes: [],
  });

  /** The operators by degree; checks that each piece of evidence is what the Slasher asks for. */
  function judged(planned: readonly PlannedConviction[], tables: readonly TakenTable[]): Record<string, Degree> {
    for (const { operator, degree, evidence } of planned) {
      const { equivocation } = evidence;
      expect(() => checkConflict(equivocation)).to.not.throw();
      for (const side of ["a", "b"] as const) {
        const { table } = tables.find(({ id: tableId }) => tableId === evidence[side].tableId)!;
        const listed = table.operators[evidence[side].index]!;
        expect(owners.get(listed.key.toLowerCase())).to.equal(operator);
        const { certificate, checkpoint }: Statement = equivocation[side];
        const weight = signedWeight(table, certificateDigest(DOMAIN, checkpointLeaf(checkpoint)), certificate);
        const isWhole = isQuorum(weight, totalWeight(table), 6_667n);
        if (degree === Degree.quorum) expect(isWhole).to.equal(true);
        expect(certificate).to.contain(evidence[side].index.toString(16).padStart(2, "0"));
      }
    }
    return Object.fromEntries(planned.map(({ operator, degree }) => [operator, degree]));
  }

  it("convicts who signed both words, of a quorum's equivocation if both have a quorum of a recent table", async () => {
    const tables = [tableOf(100, names)];
    const lie = await contradiction(["a", "b", "c"], ["b", "c", "d"]);
    const { quorum, lone } = Degree;
    const judge = (recentFrom: number): Record<string, Degree> =>
      judged(planConvictions(lie, owners, { tables, recentFrom }), tables);
    expect(judge(100)).to.deep.equal({ "operator b": quorum, "operator c": quorum });
    expect(judge(101)).to.deep.equal({ "operator b": lone, "operator c": lone });
    const lonely = await contradiction(["a", "b"], ["b", "c", "d"]);
    expect(judged(planConvictions(lonely, owners, { tables, recentFrom: 0 }), tables)).to.deep.equal({
      "operator b": lone,
    });
  });

  it("counts no quorum of a table below its floor", async () => {
    const tables = [tableOf(100, names, { weightFloor: 41n })];
    const planned = planConvictions(await contradiction(names, names), owners, { tables, recentFrom: 0 });
    expect(new Set(Object.values(judged(planned, tables)))).to.deep.equal(new Set([Degree.lone]));
    expect(planRevocation(await contradiction(names, names), tables[0]!.table)).to.equal(undefined);
  });

  it("convicts an operator that signed with two keys, each by the table that lists it", async () => {
    const tables = [tableOf(200, ["a2", "b", "c", "d"]), tableOf(100, names)];
    const lie = await contradiction(["a", "b"], ["a2"]);
    const planned = planConvictions(lie, owners, { tables, recentFrom: 0 });
    expect(judged(planned, tables)).to.deep.equal({ "operator a": Degree.lone });
    expect([planned[0]!.evidence.a.tableId, planned[0]!.evidence.b.tableId]).to.deep.equal([
      tables[1]!.id,
      tables[0]!.id,
    ]);
  });

  it("takes the older table if only there the signers were a quorum, and any table that lists the key", async () => {
    const tables = [tableOf(200, [...names, "x", "y"]), tableOf(100, names)];
    const lie = await contradiction(["a", "b", "c"], ["a", "b", "c"]);
    const planned = planConvictions(lie, owners, { tables, recentFrom: 0 });
    expect(judged(planned, tables)["operator a"]).to.equal(Degree.quorum);
    expect(planned[0]!.evidence.a.tableId).to.equal(tables[1]!.id);
  });

  it("gives each signer a certificate with its own signature, be it the lightest of all", async () => {
    const tables = [tableOf(100, names, { heavy: "a" })];
    const planned = planConvictions(await contradiction(names, names), owners, { tables, recentFrom: 0 });
    expect(Object.keys(judged(planned, tables))).to.have.lengthOf(4);
    for (const { evidence } of planned) {
      const indices = evidence.equivocation.a.certificate
        .slice(2)
        .match(/.{130}/g)!
        .map((part) => part.slice(0, 2));
      expect(indices).to.include(evidence.a.index.toString(16).padStart(2, "0"));
    }
  });

  it("convicts nobody whose key no table lists, or who said one thing alone", async () => {
    const tables = [tableOf(100, ["b", "c", "d"])];
    const plan = async (first: string[], second: string[]): Promise<readonly PlannedConviction[]> =>
      planConvictions(await contradiction(first, second), owners, { tables, recentFrom: 0 });
    expect(await plan(["a"], ["a"])).to.deep.equal([]);
    expect(await plan(["b"], ["c"])).to.deep.equal([]);
  });

  it("R22: revokes by two quorums of the table itself", async () => {
    const { table } = tableOf(100, names);
    const evidence = planRevocation(await contradiction(["a", "b", "c"], ["b", "c", "d"]), table);
    expect(() => checkConflict(evidence!)).to.not.throw();
    for (const { certificate, checkpoint } of [evidence!.a, evidence!.b]) {
      const digest = certificateDigest(DOMAIN, checkpointLeaf(checkpoint));
      expect(signedWeight(table, digest, certificate)).to.equal(30n);
    }
    expect(planRevocation(await contradiction(["a", "b"], names), table)).to.equal(undefined);
  });
});
