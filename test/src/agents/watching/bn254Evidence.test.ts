import { expect } from "chai";
import { id } from "ethers";

import { loneCertificate, quorumCertificate } from "../../../../src/agents/watching/evidenceCertificates.ts";
import {
  planConvictions,
  planRevocation,
  type Contradiction,
} from "../../../../src/agents/watching/planConvictions.ts";
import { given } from "../../../../src/agents/watching/readCalls.ts";
import {
  signedStatement,
  voicesOf,
  type GivenStatement,
  type SignedStatement,
} from "../../../../src/agents/watching/signedStatement.ts";
import { StatementBook } from "../../../../src/agents/watching/statementBook.ts";
import type { TakenTable } from "../../../../src/agents/watching/tables.ts";
import {
  aggregateG2Keys,
  Bn254Key,
  certificateDigest,
  checkConflict,
  checkpointLeaf,
  Degree,
  listedIds,
  makeCertificate,
  SCHEME_BN254,
  signBn254,
  signersOf,
  ZERO_WORD,
  type Bn254Table,
  type Checkpoint,
  type Hex,
} from "../../../../src/wire/index.ts";
import { expectRefusal } from "../../../support/refusal.ts";
import { branch, final, wordAt } from "../statements.ts";

const DOMAIN = { settlementChainId: 1n, serviceManager: "0x00000000000000000000000000000000000000bb" };

const keyOf = (name: string): Bn254Key => new Bn254Key(`0x00${id(name).slice(4)}`);

/** By their keys' order. */
const KEYS = ["a", "b", "c", "d", "e"].map(keyOf).sort((a, b) => (a.publicKey.g1 < b.publicKey.g1 ? -1 : 1));

function tableOf(blockNumber: number, keys: readonly Bn254Key[], weights: readonly bigint[] = []): TakenTable {
  const table: Bn254Table = {
    scheme: SCHEME_BN254,
    snapshot: 1n,
    expiry: 2n,
    weightFloor: 1n,
    members: [],
    aggregateKey: aggregateG2Keys(keys.map(({ publicKey }) => publicKey.g2)),
    operators: keys.map(({ publicKey }, place) => ({ key: publicKey.g1, weight: weights[place] ?? 10n })),
  };
  return { id: id(`table ${blockNumber}`), table, blockNumber };
}

describe("R24, R25: evidence of BN254 signatures", () => {
  const first = tableOf(100, KEYS.slice(0, 4));
  /** Later: the first operator is gone, a fifth is there. */
  const second = tableOf(200, KEYS.slice(1));
  const tables = [second, first];
  const all = tables.map(({ table }) => table as Bn254Table);
  const idOf = (place: number): string =>
    listedIds(first.table)[place] ?? listedIds(second.table)[place - 1] ?? expect.fail("no such key");
  const owners = new Map(KEYS.map((_, place) => [idOf(place), `operator ${place}`]));
  const [one, other] = [final(wordAt(branch("one", 2), 2)), final(wordAt(branch("other", 2), 2))];
  const digestOf = (checkpoint: Checkpoint): Hex => certificateDigest(DOMAIN, checkpointLeaf(checkpoint));

  const certificateBy = (checkpoint: Checkpoint, { table }: TakenTable, signers: readonly number[]): Hex => {
    const digest = digestOf(checkpoint);
    const signatures = signers.map((place) => ({
      index: listedIds(table).indexOf(idOf(place)),
      signature: signBn254(KEYS[place]!, digest),
    }));
    return makeCertificate(table, digest, signatures);
  };
  const seen = (checkpoint: Checkpoint, certificate: Hex): SignedStatement =>
    signedStatement(given({ checkpoint, siblings: [], certificate }), DOMAIN, all);
  const heard = (checkpoint: Checkpoint, signers: readonly number[]): GivenStatement => ({
    checkpoint,
    siblings: [],
    signatures: signers.map((place) => signBn254(KEYS[place]!, digestOf(checkpoint))),
  });
  const contradiction = (a: SignedStatement, b: SignedStatement): Contradiction => ({
    a: [a],
    b: [b],
    from: ZERO_WORD,
    messageHashes: [],
  });
  const names = (signers: Iterable<string>): string[] => [...signers].map((key) => owners.get(key) ?? key).sort();

  it("is attributed to everybody whom a table has and the certificate does not name as absent", () => {
    expect(names(voicesOf(seen(one, certificateBy(one, first, [0, 1, 3]))))).to.deep.equal([
      "operator 0",
      "operator 1",
      "operator 3",
    ]);
    expect(voicesOf(seen(one, certificateBy(one, first, [0, 1, 2, 3]))).size).to.equal(4);
    expect(names(voicesOf(seen(one, certificateBy(one, second, [1, 4]))))).to.deep.equal(["operator 1", "operator 4"]);
  });

  it("is attributed to nobody where the certificate is of no table, or over something else", () => {
    const strangers = tableOf(1, [keyOf("stranger"), KEYS[0]!]);
    const digest = digestOf(one);
    const foreign = makeCertificate(strangers.table, digest, [
      { index: 1, signature: signBn254(KEYS[0]!, digest) },
      { index: 0, signature: signBn254(keyOf("stranger"), digest) },
    ]);
    expect(voicesOf(seen(one, foreign)).size).to.equal(0);
    expect(voicesOf(seen(other, certificateBy(one, first, [0, 1, 2]))).size).to.equal(0);
    expect(voicesOf(signedStatement(heard(one, [0]), DOMAIN)).size).to.equal(1);
    expectRefusal(() => given({ checkpoint: one, siblings: [], certificate: "0x1234" }), "wire/truncated");
  });

  it("convicts of a quorum's equivocation everybody who signed both certificates, and revokes the table", () => {
    const lie = contradiction(
      seen(one, certificateBy(one, first, [0, 1, 2])),
      seen(other, certificateBy(other, first, [1, 2, 3])),
    );
    const planned = planConvictions(lie, owners, { tables, recentFrom: 100 });
    expect(planned.map(({ operator, degree }) => [operator, degree]).sort()).to.deep.equal([
      ["operator 1", Degree.quorum],
      ["operator 2", Degree.quorum],
    ]);
    for (const { operator, evidence } of planned) {
      checkConflict(evidence.equivocation);
      for (const side of ["a", "b"] as const) {
        const { table } = tables.find((taken) => taken.id === evidence[side].tableId)!;
        const { certificate, checkpoint } = evidence.equivocation[side];
        expect(signersOf(table, digestOf(checkpoint), certificate)).to.include(evidence[side].index);
        expect(owners.get(listedIds(table)[evidence[side].index]!)).to.equal(operator);
      }
    }
    expect(planRevocation(lie, first.table)).to.not.equal(undefined);
    expect(planRevocation(lie, second.table)).to.equal(undefined);
    const aged = planConvictions(lie, owners, { tables, recentFrom: 101 });
    expect(aged.map(({ degree }) => degree)).to.deep.equal([Degree.lone, Degree.lone]);
  });

  it("convicts by an operator's own two signatures: certificates from which all others are absent", () => {
    const lie = contradiction(signedStatement(heard(one, [1]), DOMAIN), signedStatement(heard(other, [1]), DOMAIN));
    const [planned] = planConvictions(lie, owners, { tables, recentFrom: 0 });
    expect(planned?.degree).to.equal(Degree.lone);
    const { certificate } = planned!.evidence.equivocation.a;
    const { table } = tables.find((taken) => taken.id === planned!.evidence.a.tableId)!;
    expect(signersOf(table, digestOf(one), certificate)).to.deep.equal([planned!.evidence.a.index]);
  });

  it("convicts by an own signature against a certificate, each in the terms of a table that has all its signers", () => {
    const lie = contradiction(
      signedStatement(heard(one, [0]), DOMAIN),
      seen(other, certificateBy(other, first, [0, 1])),
    );
    const planned = planConvictions(lie, owners, { tables, recentFrom: 0 });
    expect(planned.map(({ operator, degree }) => [operator, degree])).to.deep.equal([["operator 0", Degree.lone]]);
  });

  it("joins certificates and own signatures without a common signer to a quorum", () => {
    const book = new StatementBook();
    const both = { ...heard(one, [2]), certificates: [certificateBy(one, first, [0, 1])] };
    expect(book.add(signedStatement(both, DOMAIN, all))).to.equal(true);
    expect(book.add(signedStatement(both, DOMAIN, all))).to.equal(false);
    expect(book.add(seen(one, certificateBy(one, first, [1, 2])))).to.equal(true);
    const [word] = book.words();
    const [statement] = word!.statements.values();
    const quorum = quorumCertificate(statement!, first.table, 2)!;
    expect(signersOf(first.table, digestOf(one), quorum)).to.deep.equal([0, 1, 2]);
    expect(quorumCertificate(statement!, first.table, 3)).to.equal(undefined);
    expect(loneCertificate(statement!, first.table, 3)).to.equal(undefined);
    const lone = loneCertificate(statement!, first.table, 2)!;
    expect(signersOf(first.table, digestOf(one), lone)).to.deep.equal([2]);
    const shared = loneCertificate(statement!, second.table, 0)!;
    expect(signersOf(second.table, digestOf(one), shared)).to.deep.equal([0, 1]);
  });
});
