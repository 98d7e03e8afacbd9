import { expect } from "chai";
import fc from "fast-check";

import { countOf, fold, genesis, idOf, MAX_COUNT, next, pageOf, wordOf } from "../../../src/wire/index.ts";
import type { WireHarness } from "../../../types/ethers-contracts/index.ts";
import { bytes, hash, uint, word } from "../../support/arbitraries.ts";
import { checkAsync } from "../../support/property.ts";
import { refusalOf } from "../../support/solidity.ts";
import { vectors } from "../../support/vectors.ts";
import { wireHarness } from "./harness.ts";

describe("types/Lane", () => {
  const { genesis: starts, steps, folds, full } = vectors("lane");
  let solidity: WireHarness;
  before(async () => {
    solidity = await wireHarness();
  });

  it("replays the vectors", async () => {
    for (const one of starts) expect(await solidity.genesisOf(one.source, one.destination)).to.equal(one.word);
    for (const one of steps) {
      expect(await solidity.step(one.word, one.messageHash)).to.deep.equal([one.count, one.id, one.next]);
    }
    for (const one of folds) expect(await solidity.foldOf(one.from, one.messageHashes)).to.equal(one.word);
    for (const one of full) {
      expect(await refusalOf(solidity, solidity.step(one.word, one.messageHash))).to.equal("LaneFull");
    }
  });

  it("invariant 4: begins and goes on as the TypeScript does", async () => {
    await checkAsync(
      fc.asyncProperty(hash, hash, word, async (source, destination, before) => {
        expect(await solidity.genesisOf(source, destination)).to.equal(genesis(source, destination));
        expect(await solidity.step(before, source)).to.deep.equal([
          countOf(before),
          idOf(before, source),
          next(before, source),
        ]);
      }),
    );
  });

  it("invariant 4: folds as the TypeScript does", async () => {
    await checkAsync(
      fc.asyncProperty(word, fc.array(hash, { maxLength: 20 }), async (from, hashes) => {
        expect(await solidity.foldOf(from, hashes)).to.equal(fold(from, hashes));
      }),
    );
  });

  it("counts pages as the TypeScript does", async () => {
    const count = fc.oneof(
      uint(40),
      fc.constantFrom(0n, 1n, 255n, 256n, 257n, MAX_COUNT),
      uint(32).map((page) => page * 256n),
    );
    await checkAsync(
      fc.asyncProperty(bytes(27), count, async (head, messages) => {
        const isPageEnd = messages !== 0n && pageOf(messages) !== pageOf(messages - 1n);
        expect(await solidity.pageOf(wordOf(head, messages))).to.deep.equal([pageOf(messages), isPageEnd]);
      }),
    );
  });
});
