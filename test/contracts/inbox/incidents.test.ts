import { expect } from "chai";
import { concat, toBeHex, ZeroAddress, ZeroHash } from "ethers";
import fc from "fast-check";

import { uint } from "../../../src/wire/bytes.ts";
import {
  encodeBatch,
  encodeProof,
  genesis,
  isQuorum,
  Level,
  wordOf,
  ZERO_WORD,
  type Hex,
  type LaneWord,
} from "../../../src/wire/index.ts";
import { advance, evidence, hold, setMinLevel, signed, statementOf, tableInForce } from "../../fixtures/certified.ts";
import { DOMAIN } from "../../fixtures/constants.ts";
import { adoptTable, bring, bringItems, createChains, settle } from "../../fixtures/gateways.ts";
import { createInboxWorld, type InboxWorld } from "../../fixtures/inbox.ts";
import type { SourceLane } from "../../fixtures/lane.ts";
import { certify, deliver, heldProof } from "../../fixtures/messages.ts";
import { advanceProof, makeOperators, signCertificate, type Operator } from "../../fixtures/operators.ts";
import { install } from "../../fixtures/recipients.ts";
import { hash } from "../../support/arbitraries.ts";
import { checkAsync } from "../../support/property.ts";

describe("Incidents at a Gateway", () => {
  let world: InboxWorld;
  let lane: SourceLane;

  before(async () => {
    world = await createInboxWorld();
  });
  beforeEach(async () => {
    await world.reset();
    lane = world.lane();
    lane.sendAll(await world.recorder.getAddress(), ["0x01", "0x02"]);
  });

  const items = (): Hex => encodeBatch(lane.sent.map(({ item }) => item));
  const attempt = (proof: Hex, from: LaneWord = lane.sent[0]!.before): Promise<unknown> =>
    deliver(world.chain, lane.source, from, items(), proof);
  const expectNothingDelivered = async (): Promise<void> => {
    for (const { id: message, nonce } of lane.sent) {
      expect(await world.chain.contract.isDelivered(lane.id, nonce)).to.be.false;
      expect(await world.recorder.executions(message)).to.equal(0n);
    }
  };

  describe("incident: Nomad 2022: nothing that is zero is ever proven", () => {
    it("a word that is not held is zero, and proves no batch, of any source and from any word", async () => {
      await checkAsync(
        fc.asyncProperty(
          fc.oneof(
            fc.constant(ZERO_WORD),
            hash.map((value) => value as LaneWord),
          ),
          fc.constantFrom(0, Level.fast, Level.final, Level.settled, 4, 255),
          fc.oneof(
            fc.constant({ chainId: 0n, gateway: ZeroAddress }),
            fc.constant(world.source),
            fc.constant(world.chain),
          ),
          async (from, level, source) => {
            const proof = concat(["0x00", toBeHex(level, 1)]);
            const skip = encodeBatch([{ kind: "skip", messageHash: ZeroHash }]);
            for (const batch of [items(), skip]) {
              const call = world.chain.contract.deliver.staticCall(source, batch, proof, from, {
                gasLimit: 10_000_000n,
              });
              // 2^40 − 1 messages are the most: a random word may stand there.
              await expect(call).to.revert(world.chain.ethers);
            }
          },
        ),
        60,
      );
      await expectNothingDelivered();
    });

    it("a signature over the zero root certifies no checkpoint, and the zero root is none's", async () => {
      const zeroRoot = await signed(world, await statementOf(world, lane));
      const overZero = await advanceProof(DOMAIN, [await statementOf(world, lane)], world.operators);
      // Signatures over zero, put where those over the checkpoint's root belong.
      const certificate = await signCertificate(DOMAIN, ZeroHash, world.operators);
      const table = await tableInForce(world);
      await expect(
        world.chain.contract.advance([zeroRoot.checkpoint], concat(["0x00", certificate])),
      ).to.be.revertedWithCustomError(table, "InvalidSignature");
      await expect(
        attempt(
          encodeProof({
            kind: "certificate",
            level: Level.final,
            reachedBy: zeroRoot.checkpoint.reachedBy,
            blockHash: ZeroHash,
            siblings: [],
            certificate,
          }),
        ),
      ).to.be.revertedWithCustomError(table, "InvalidSignature");
      await world.chain.contract.advance([zeroRoot.checkpoint], overZero);
    });

    it("zero siblings lead to another root", async () => {
      const proof = await certify(lane, world.chain, lane.word, world.operators);
      const padded = concat([proof.slice(0, 22), "0x01", ZeroHash, `0x${proof.slice(24)}`]);
      const table = await tableInForce(world);
      await expect(attempt(padded)).to.be.revertedWithCustomError(table, "InvalidSignature");
      await attempt(proof);
    });

    it("a zero item, table, word, revocation or id from L1 changes nothing", async () => {
      const before = await world.chain.contract.tableInForce();
      for (let length = 0; length <= 200; length += 1) {
        const zeros = length === 0 ? "0x" : toBeHex(0, length);
        await bringItems(world.chain, [zeros]);
        for (const kind of ["0x01", "0x0101", "0x02", "0x03"]) await bringItems(world.chain, [concat([kind, zeros])]);
      }
      expect(await world.chain.contract.tableInForce()).to.deep.equal(before);
      expect(await world.chain.contract.held(ZeroHash, Level.settled, 0)).to.equal(ZeroHash);
      expect((await world.chain.contract.member(ZeroHash)).accepted).to.be.false;
    });

    it("a certified zero or genesis word proves no batch", async () => {
      await setMinLevel(world, lane, Level.fast);
      for (const word of [ZERO_WORD, genesis(lane.id, world.chain.id), wordOf(lane.word.slice(0, 56), 0n)]) {
        for (const level of [Level.fast, Level.final]) {
          await advance(world, [await statementOf(world, lane, { word, level })]);
          await expect(attempt(heldProof(level))).to.be.revertedWithCustomError(world.chain.contract, "WordNotHeld");
        }
      }
      await expectNothingDelivered();
    });
  });

  describe("incident: Ronin 2022, Harmony, Orbit, Multichain: stolen keys", () => {
    it("invariant 3: whichever keys are stolen, at or below the quorum they deliver, hold and revoke nothing; above it they can", async () => {
      const outcomes = { refused: 0, delivered: 0 };
      await checkAsync(
        fc.asyncProperty(
          fc.array(fc.bigInt({ min: 1n, max: 20n }), { minLength: 1, maxLength: 9 }),
          fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }),
          async (weights, stolen) => {
            const operators = makeOperators(weights.length, weights);
            const indices = operators.map((_, i) => i).filter((i) => stolen[i] === true);
            fc.pre(indices.length > 0);
            await world.reset();
            await adoptTable(world.chain, { members: [world.chain, world.source], operators });
            const proof = await certify(lane, world.chain, lane.word, operators, { indices });
            const weight = indices.reduce((sum, i) => sum + weights[i]!, 0n);
            const statement = await statementOf(world, lane);
            const lie = await statementOf(world, lane, { word: wordOf(`0x${"fa".repeat(27)}`, 2n) });
            const conflict = evidence(
              await signed(world, statement, { operators, indices }),
              await signed(world, lie, { operators, indices }),
            );
            if (
              isQuorum(
                weight,
                weights.reduce((sum, one) => sum + one, 0n),
                6_667n,
              )
            ) {
              await attempt(proof);
              await world.chain.contract.revokeTable(conflict);
              expect(await world.chain.contract.isDelivered(lane.id, 0)).to.be.true;
              ++outcomes.delivered;
            } else {
              const table = await tableInForce(world);
              for (const call of [
                (): Promise<unknown> => attempt(proof),
                (): Promise<unknown> => advance(world, [statement], { operators, indices }),
                (): Promise<unknown> => world.chain.contract.revokeTable(conflict),
              ]) {
                await expect(call()).to.be.revertedWithCustomError(table, "QuorumNotReached");
              }
              await expectNothingDelivered();
              ++outcomes.refused;
            }
          },
        ),
        60,
      );
      expect(outcomes.refused).to.be.greaterThan(10);
      expect(outcomes.delivered).to.be.greaterThan(5);
    });

    it("drill: a new table rotates the keys; from then on the stolen ones are nothing, and the new ones go on where the lane stood", async () => {
      const rotated = makeOperators(9).slice(5);
      const members = [world.chain, world.source, world.otherSource];
      await hold(world, lane, Level.final, lane.sent[0]!.after);
      const old = await certify(lane, world.chain, lane.word, world.operators);
      await adoptTable(world.chain, { members, operators: rotated });

      const table = await tableInForce(world);
      await expect(attempt(old)).to.be.revertedWithCustomError(table, "InvalidSignature");
      await expect(hold(world, lane, Level.final)).to.be.revertedWithCustomError(table, "InvalidSignature");
      // Half of the old keys beside the new ones, at the old ones' places.
      const mixed = [...world.operators.slice(0, 2), ...rotated.slice(2)] as Operator[];
      await expect(attempt(await certify(lane, world.chain, lane.word, mixed))).to.be.revertedWithCustomError(
        table,
        "InvalidSignature",
      );
      await expect(attempt(await certify(lane, world.chain, lane.word, rotated))).to.emit(
        world.chain.contract,
        "MessageDelivered",
      );
    });

    it("drill: keys that lied are revoked from L1 at once, the settled path carries on, the next table ends it", async () => {
      await setMinLevel(world, lane, Level.fast);
      await hold(world, lane, Level.fast);
      await bring(world.chain, { kind: "revoked", snapshot: (await world.chain.contract.tableInForce()).snapshot });
      for (const proof of [
        await certify(lane, world.chain, lane.word, world.operators),
        heldProof(Level.fast),
        heldProof(Level.final),
      ]) {
        await expect(attempt(proof)).to.revert(world.chain.ethers);
      }
      await expectNothingDelivered();
      await settle(world.chain, lane.id, lane.word);
      await expect(attempt(heldProof(Level.settled))).to.emit(world.chain.contract, "MessageDelivered");

      const rotated = makeOperators(9).slice(5);
      await adoptTable(world.chain, { members: [world.chain, world.source], operators: rotated });
      const sent = lane.send({ recipient: await world.recorder.getAddress() });
      await expect(
        deliver(
          world.chain,
          lane.source,
          sent.before,
          [sent.item],
          await certify(lane, world.chain, sent.after, rotated),
        ),
      ).to.emit(world.chain.contract, "MessageDelivered");
    });
  });

  describe("incident: Ronin 2024: what was never initialised refuses", () => {
    it("a Gateway without a table has no quorum of zero: every certificate is refused, and nothing revokes what is not there", async () => {
      const [bare] = await createChains([1_050n]);
      const fresh = { ...world, chain: bare };
      expect(await bare.contract.tableInForce()).to.deep.equal([ZeroAddress, 0n, false]);
      const statement = await statementOf(fresh, { id: lane.id, word: lane.word });
      for (const operators of [world.operators, world.operators.slice(0, 1)]) {
        await expect(advance(fresh, [statement], { operators })).to.be.revertedWithCustomError(
          bare.contract,
          "NoTable",
        );
      }
      await expect(bare.contract.advance([statement], "0x00")).to.be.revertedWithCustomError(bare.contract, "NoTable");
      await expect(
        deliver(
          bare,
          lane.source,
          lane.sent[0]!.before,
          items(),
          await certify(lane, bare, lane.word, world.operators),
        ),
      ).to.be.revertedWithCustomError(bare.contract, "NoTable");
      const said = await signed(fresh, statement);
      await expect(bare.contract.revokeTable(evidence(said, said))).to.be.revertedWithCustomError(
        bare.contract,
        "NoTable",
      );
      // Nor does a settled word come before the member list.
      await expect(settle(bare, lane.id, lane.word))
        .to.emit(bare.contract, "ItemIgnored")
        .withArgs(0, 4);
    });

    it("a source's default quorum is the minimum, not what its zeros say", async () => {
      await world.chain.contract.connect(world.chain.owner).setSource(lane.id, 0, 0, false);
      const table = await tableInForce(world);
      await expect(advance(world, [await statementOf(world, lane)], { indices: [0, 1] }))
        .to.be.revertedWithCustomError(table, "QuorumNotReached")
        .withArgs(64n * 10n ** 18n, 128n * 10n ** 18n, 6_667n);
      await hold(world, lane, Level.final);
      expect(await world.chain.contract.heldCertified(lane.id, Level.final)).to.equal(lane.word);
    });
  });

  it("incident: Wormhole 2022: a verifier that says yes to everything, sent as what L1 brings, is never in force", async () => {
    // Answers two words of ones, whatever it is asked.
    const address = await install(world.chain, "0x5f195f525f1960205260405ff3");
    const before = await world.chain.contract.tableInForce();
    for (const item of [
      concat(["0x01", address]),
      concat([
        "0x01",
        "0x01",
        uint(9n, 8, "snapshot"),
        uint(1n << 40n, 8, "expiry"),
        uint(1n, 12, "floor"),
        "0x01",
        address,
      ]),
    ]) {
      await bringItems(world.chain, [item]);
    }
    for (const caller of [world.chain.user, world.chain.owner]) {
      await expect(
        world.chain.contract.connect(caller).fromSettlement([concat(["0x01", address])]),
      ).to.be.revertedWithCustomError(world.chain.contract, "NotBridge");
    }
    expect(await world.chain.contract.tableInForce()).to.deep.equal(before);
  });
});
