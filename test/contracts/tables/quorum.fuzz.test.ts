import { expect } from "chai";
import { toBeHex, ZeroHash } from "ethers";
import fc from "fast-check";

import { ParleyError } from "../../../src/errors.ts";
import { join } from "../../../src/wire/bytes.ts";
import {
  encodeCertificate,
  isQuorum,
  SCHEME_ECDSA,
  signedWeight,
  type Hex,
  type OperatorTable,
} from "../../../src/wire/index.ts";
import type { EcdsaOperatorTable } from "../../../types/ethers-contracts/index.js";
import { hash, near, uint } from "../../support/arbitraries.ts";
import { checkAsync } from "../../support/property.ts";
import { createChains, TABLE_FACTORIES, type Chain } from "../../fixtures/gateways.ts";
import { makeOperators, type Operator } from "../../fixtures/operators.ts";
import { deployTable, type TableParts } from "../../fixtures/tables.ts";

/** The table as src/wire knows it, for the reference. */
const tableOf = (operators: readonly Operator[]): OperatorTable => ({
  scheme: SCHEME_ECDSA,
  snapshot: 1n,
  expiry: (1n << 64n) - 1n,
  weightFloor: 1n,
  members: [],
  operators,
});

/** What src/wire says: the weight that signed, or that the certificate is no certificate of this table. */
function signed(operators: readonly Operator[], digest: Hex, certificate: Hex): bigint | undefined {
  try {
    return signedWeight(tableOf(operators), digest, certificate);
  } catch (error) {
    if (error instanceof ParleyError) return undefined;
    throw error;
  }
}

/** Whether the contracts verify: one of each form of table, with the same data. */
async function verify(
  tables: readonly EcdsaOperatorTable[],
  digest: Hex,
  certificate: Hex,
  quorum: bigint,
): Promise<boolean[]> {
  return Promise.all(
    tables.map((table) =>
      table.verify(digest, certificate, quorum, ZeroHash).then(
        () => true,
        () => false,
      ),
    ),
  );
}

describe("Operator tables of every form against the TypeScript reference", () => {
  let chains: Chain[];
  before(async () => {
    chains = [];
    for (const tableFactory of TABLE_FACTORIES) chains.push(...(await createChains([1001n], { tableFactory })));
  });

  /** The same table in every form. */
  const deployTables = (parts: TableParts): Promise<EcdsaOperatorTable[]> =>
    Promise.all(chains.map((chain) => deployTable(chain, parts)));
  const every = (verified: boolean): boolean[] => TABLE_FACTORIES.map(() => verified);

  /** Weights near one another, far apart, and such that a subset lands right at the quorum. */
  const weights = fc.oneof(
    fc.array(uint(4, 1n), { minLength: 1, maxLength: 12 }),
    fc.array(uint(90, 1n), { minLength: 1, maxLength: 12 }),
    fc
      .tuple(uint(40, 1n), fc.integer({ min: -1, max: 1 }))
      .map(([unit, off]) => [unit * 6_667n + BigInt(off), unit * 3_333n - BigInt(off)]),
  );

  it("R17, invariant 3: any weights, any signers, any quorum: verified exactly if the signers hold strictly more", async () => {
    let accepted = 0;
    await checkAsync(
      fc.asyncProperty(
        weights,
        fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
        fc.integer({ min: 6_667, max: 9_000 }).map(BigInt),
        hash,
        async (some, chosen, quorum, digest) => {
          const operators = makeOperators(some.length, some);
          const indices = operators.map((_, i) => i).filter((i) => chosen[i] === true);
          fc.pre(indices.length > 0);
          const tables = await deployTables({ operators });
          const certificate = encodeCertificate(
            indices.map((index) => ({ index, signature: operators[index]!.wallet.signingKey.sign(digest).serialized })),
          );
          const weight = indices.reduce((sum, index) => sum + operators[index]!.weight, 0n);
          const total = some.reduce((sum, one) => sum + one, 0n);
          expect(signed(operators, digest, certificate)).to.equal(weight);
          const expected = isQuorum(weight, total, quorum);
          expect(await verify(tables, digest, certificate, quorum)).to.deep.equal(every(expected));
          if (expected) ++accepted;
        },
      ),
      150,
    );
    expect(accepted).to.be.greaterThan(20).and.lessThan(140);
  });

  it("R17, incident: BNB 2022: any change to a certificate's bytes is judged alike in both languages", async () => {
    const operators = makeOperators(6, [5n, 4n, 3n, 2n, 1n, 1n]);
    const tables = await deployTables({ operators });
    const digest = toBeHex(0xd16e57, 32);
    const part = operators.map(({ wallet }, index) =>
      encodeCertificate([{ index, signature: wallet.signingKey.sign(digest).serialized }]),
    );
    const subset = fc.subarray(part, { minLength: 1 }).map((parts) => join(...parts));
    const shuffled = fc.array(fc.constantFrom(...part), { minLength: 1, maxLength: 7 }).map((parts) => join(...parts));
    await checkAsync(
      fc.asyncProperty(fc.oneof(near(subset), near(shuffled), shuffled), async (certificate) => {
        const weight = signed(operators, digest, certificate);
        const expected = weight !== undefined && isQuorum(weight, 16n, 6_667n);
        expect(await verify(tables, digest, certificate, 6_667n)).to.deep.equal(every(expected));
      }),
      400,
    );
  });

  it("R17: a certificate over one digest verifies no other", async () => {
    const operators = makeOperators(3);
    const tables = await deployTables({ operators });
    await checkAsync(
      fc.asyncProperty(hash, hash, async (digest, other) => {
        fc.pre(digest !== other);
        const certificate = encodeCertificate(
          operators.map(({ wallet }, index) => ({ index, signature: wallet.signingKey.sign(digest).serialized })),
        );
        expect(await verify(tables, digest, certificate, 6_667n)).to.deep.equal(every(true));
        expect(await verify(tables, other, certificate, 6_667n)).to.deep.equal(every(false));
      }),
      25,
    );
  });
});
