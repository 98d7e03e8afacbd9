import { expect } from "chai";
import { concat, id, toBeHex } from "ethers";

import {
  encodeBatch,
  FAULTED,
  Level,
  type BatchItem,
  type Checkpoint,
  type Hex,
  type LevelName,
} from "../../src/wire/index.ts";
import type { EcdsaOperatorTable } from "../../types/ethers-contracts/index.js";
import { DOMAIN } from "../fixtures/constants.ts";
import { adoptTable, bring, settle } from "../fixtures/gateways.ts";
import { createInboxWorld, shaped, type InboxWorld } from "../fixtures/inbox.ts";
import type { SourceLane } from "../fixtures/lane.ts";
import { certify, deliver, DELIVER_GAS, heldProof, type Sent } from "../fixtures/messages.ts";
import { advanceProof, checkpointOf } from "../fixtures/operators.ts";
import { errorOf, eventsOf } from "../fixtures/recipients.ts";

/** Every way to prove a word. */
const PROOFS = ["certificate fast", "certificate final", "held fast", "held final", "held settled"] as const;
type ProofName = (typeof PROOFS)[number];

describe("Inbox: proofs", () => {
  let world: InboxWorld;
  let lane: SourceLane;
  let sent: Sent[];
  let verifier: EcdsaOperatorTable;

  before(async () => {
    world = await createInboxWorld();
    const [table] = await world.chain.contract.tableInForce();
    verifier = await world.chain.ethers.getContractAt("EcdsaOperatorTable", table);
  });

  beforeEach(async () => {
    await world.reset();
    lane = world.lane();
    sent = lane.sendAll(await world.recorder.getAddress(), ["0x01", "0x02"]);
  });

  const statement = async (level: Level): Promise<Checkpoint> =>
    checkpointOf({
      source: lane.id,
      destination: world.chain.id,
      word: lane.word,
      reachedBy: BigInt(await world.chain.helpers.time.latest()),
      level,
    });

  async function hold(level: Level): Promise<void> {
    if (level === Level.settled) {
      await settle(world.chain, lane.id, lane.word);
    } else {
      const checkpoint = await statement(level);
      await world.chain.contract.advance([checkpoint], await advanceProof(DOMAIN, [checkpoint], world.operators));
    }
  }

  const optIn = (minLevel: Level): Promise<unknown> =>
    world.chain.contract.connect(world.chain.owner).setSource(lane.id, minLevel, 0, false);

  const levelOf = (name: ProofName): Level => Level[name.split(" ")[1] as LevelName];

  /** A proof of the lane's word; what is to be held is held before. */
  async function prove(name: ProofName): Promise<Hex> {
    if (name.startsWith("certificate")) {
      return certify(lane, world.chain, lane.word, world.operators, { level: levelOf(name) });
    }
    await hold(levelOf(name));
    return heldProof(levelOf(name));
  }

  const batch = (items: readonly BatchItem[] = shaped(sent, "mm")): Hex => encodeBatch(items);

  const attempt = (proof: Hex, items = batch()): Promise<void> =>
    world.chain.contract.deliver.staticCall(lane.source, items, proof, sent[0]!.before, { gasLimit: DELIVER_GAS });

  describe("R15 each kind delivers, and tells the recipient source, nonce and level", () => {
    for (const name of PROOFS) {
      it(name, async () => {
        await optIn(Level.fast);
        const proof = await prove(name);
        const delivering = await eventsOf(
          deliver(world.chain, lane.source, sent[0]!.before, batch(), proof),
          world.recorder,
          "Delivering",
        );
        expect(delivering.map((event) => [...event] as unknown[])).to.deep.equal([
          [lane.id, 0n, BigInt(levelOf(name)), true],
          [lane.id, 1n, BigInt(levelOf(name)), true],
        ]);
        expect(await world.chain.contract.delivering()).to.deep.equal([`0x${"00".repeat(32)}`, 0n, 0n]);
      });
    }
  });

  it("level fast counts only where the owner opted in, source by source", async () => {
    const proof = await prove("certificate fast");
    await expect(attempt(proof))
      .to.be.revertedWithCustomError(world.chain.contract, "LevelTooLow")
      .withArgs(Level.fast, Level.final);
    await optIn(Level.fast);
    await attempt(proof);

    lane = world.lane(world.otherSource);
    sent = lane.sendAll(await world.recorder.getAddress(), ["0x01", "0x02"]);
    await expect(attempt(await prove("certificate fast")))
      .to.be.revertedWithCustomError(world.chain.contract, "LevelTooLow")
      .withArgs(Level.fast, Level.final);
  });

  it("a certificate over a tree of other lanes' checkpoints too", async () => {
    const others = [1n, 2n, 3n, 4n].map((n) =>
      checkpointOf({
        source: toBeHex(n, 32),
        destination: world.chain.id,
        word: lane.word,
        reachedBy: 1n,
      }),
    );
    await attempt(await certify(lane, world.chain, lane.word, world.operators, { others }));
  });

  it("a held word proves itself alone: at its level, its count, its source", async () => {
    await optIn(Level.fast);
    await hold(Level.final);
    await attempt(heldProof(Level.final));
    const refused: [Hex, Hex][] = [
      [batch(), heldProof(Level.fast)],
      [batch(), heldProof(Level.settled)],
      [batch(shaped(sent.slice(0, 1), "m")), heldProof(Level.final)],
    ];
    for (const [items, proof] of refused) {
      await expect(attempt(proof, items)).to.be.revertedWithCustomError(world.chain.contract, "WordNotHeld");
    }
    await expect(
      world.chain.contract.deliver.staticCall(world.otherSource, batch(), heldProof(Level.final), sent[0]!.before),
    ).to.be.revertedWithCustomError(world.chain.contract, "WordNotHeld");
  });

  it("no held word of levels 0, 4 or 255 proves anything, nor a settled one of an earlier count", async () => {
    await settle(world.chain, lane.id, sent[0]!.after);
    for (const level of [0, 4, 255, 3]) {
      await expect(attempt(concat(["0x00", toBeHex(level, 1)])))
        .to.be.revertedWithCustomError(world.chain.contract, "WordNotHeld")
        .withArgs(lane.id, level, lane.word);
    }
  });

  describe("malformed proofs", () => {
    it("kinds 2 to 255, no bytes, one byte, a byte behind a held word's level", async () => {
      await hold(Level.settled);
      const certificate = await prove("certificate final");
      const proofs = [
        "0x",
        "0x00",
        "0x01",
        `${heldProof(Level.settled)}00`,
        concat([heldProof(Level.settled), certificate]),
        ...[2, 3, 0x7f, 0x80, 0xff].flatMap((kind) => [
          concat([toBeHex(kind, 1), "0x03"]),
          concat([toBeHex(kind, 1), `0x${certificate.slice(4)}`]),
        ]),
      ];
      for (const proof of proofs) {
        await expect(attempt(proof)).to.be.revertedWithCustomError(world.chain.contract, "MalformedProof");
      }
    });

    it("certificates of level 0, settled and above", async () => {
      const certificate = await prove("certificate final");
      const ofLevel = (level: number): Hex => concat(["0x01", toBeHex(level, 1), `0x${certificate.slice(6)}`]);
      await expect(attempt(ofLevel(0)))
        .to.be.revertedWithCustomError(world.chain.contract, "LevelTooLow")
        .withArgs(0, Level.final);
      for (const level of [3, 4, 255]) {
        await expect(attempt(ofLevel(level))).to.be.revertedWithCustomError(world.chain.contract, "MalformedProof");
      }
    });

    it("incident: BNB 2022, Hyperbridge 2026: no truncation and no change of a byte of a certificate's proof counts", async () => {
      const others = [await statement(Level.final)].map((one) => ({ ...one, reachedBy: 5n }));
      const proof = await certify(lane, world.chain, lane.word, world.operators, { indices: [0, 1, 3], others });
      await attempt(proof);
      for (let end = 2; end < proof.length; end += 2) {
        await expectRefused(attempt(proof.slice(0, end)));
      }
      for (let at = 2; at < proof.length; at += 2) {
        const byte = (parseInt(proof.slice(at, at + 2), 16) ^ 1).toString(16).padStart(2, "0");
        await expectRefused(attempt(proof.slice(0, at) + byte + proof.slice(at + 2)));
      }
      await expectRefused(attempt(`${proof}00`));
    });

    async function expectRefused(call: Promise<unknown>): Promise<void> {
      const error = await errorOf(call, world.chain.contract, verifier);
      expect(error?.name).to.be.oneOf([
        "MalformedProof",
        "LevelTooLow",
        "TimeOutOfRange",
        "WordNotHeld",
        "MalformedCertificate",
        "InvalidSignature",
        "QuorumNotReached",
      ]);
    }
  });

  describe("R10 minFinality: a message whose sender demands more fails alone, and is delivered by what he demands", () => {
    beforeEach(async () => {
      lane = world.lane();
      const recipient = await world.recorder.getAddress();
      sent = [undefined, Level.fast, Level.final, Level.settled].map((minFinality) =>
        lane.send({ recipient, options: minFinality === undefined ? {} : { minFinality } }),
      );
      await optIn(Level.fast);
    });

    for (const name of PROOFS) {
      it(name, async () => {
        const level = levelOf(name);
        const proof = await prove(name);
        const items = batch(shaped(sent, "mmmm"));
        const executed = level + 1;
        const delivering = deliver(world.chain, lane.source, sent[0]!.before, items, proof);
        const delivered = await eventsOf(delivering, world.chain.contract, "MessageDelivered");
        expect(delivered.map((event) => String(event.id))).to.deep.equal(sent.slice(0, executed).map((one) => one.id));
        const failed = await eventsOf(delivering, world.chain.contract, "DeliveryFailed");
        expect(failed.map((event) => [...event] as unknown[])).to.deep.equal(
          sent
            .slice(executed)
            .map((one, i) => [
              one.id,
              world.chain.contract.interface.encodeErrorResult("LevelTooLow", [level, executed + i]),
            ]),
        );
        for (const one of sent.slice(executed)) {
          expect(await world.chain.contract.isDelivered(lane.id, one.nonce)).to.equal(false);
        }

        const rest = deliver(world.chain, lane.source, sent[0]!.before, items, await prove("held settled"));
        expect(await eventsOf(rest, world.chain.contract, "MessageDelivered")).to.have.lengthOf(4 - executed);
        for (const one of sent) expect(await world.recorder.executions(one.id)).to.equal(1n);
      });
    }
  });

  describe("incident: Taiko 2026: a delivery by every kind of proof, retried, is proven again by what counts then", () => {
    const delivers = "delivers";
    type Outcome = Record<ProofName, string>;
    const all = (certificate: string, held: string): Outcome => ({
      "certificate fast": certificate,
      "certificate final": certificate,
      "held fast": held,
      "held final": held,
      "held settled": delivers,
    });
    const members = (): Parameters<typeof adoptTable>[1] => ({
      members: [world.chain, world.source, world.otherSource],
      operators: world.operators,
    });
    const states: Record<string, { reach: () => Promise<unknown>; outcome: Outcome }> = {
      "nothing happened": { reach: () => Promise.resolve(), outcome: all(delivers, delivers) },
      "the owner paused the source": {
        reach: () => world.chain.contract.connect(world.chain.owner).setSource(lane.id, 1, 0, true),
        outcome: all("SourcePaused", "WordNotHeld"),
      },
      "the owner takes no certificate": {
        reach: () => optIn(Level.settled),
        outcome: all("LevelTooLow", "WordNotHeld"),
      },
      "L1 revoked the table": {
        reach: () => bring(world.chain, { kind: "revoked", snapshot: 1n }),
        outcome: all("NoTable", "WordNotHeld"),
      },
      "the table expired": {
        reach: () => world.chain.helpers.time.increase(86_400),
        outcome: { ...all("TableExpired", delivers), "certificate fast": "TimeOutOfRange" },
      },
      "a new table has other operators": {
        reach: () => adoptTable(world.chain, { ...members(), operators: world.operators.slice(1) }),
        outcome: all("InvalidSignature", delivers),
      },
      "the source is faulted": {
        reach: () =>
          adoptTable(world.chain, {
            ...members(),
            members: [world.chain, { ...world.source, flags: FAULTED }, world.otherSource],
          }),
        outcome: all("SourceFaulted", "WordNotHeld"),
      },
      "the source settled nothing for too long": {
        reach: () =>
          adoptTable(world.chain, {
            ...members(),
            members: [world.chain, { ...world.source, certifiableUntil: 1n }, world.otherSource],
          }),
        outcome: all("NotCertifiable", delivers),
      },
      "the source is not in the table any more": {
        reach: () => adoptTable(world.chain, { ...members(), members: [world.chain, world.otherSource] }),
        // What the owner set for it is not looked up any more, and fast is below the default.
        outcome: { ...all("NotCertifiable", delivers), "certificate fast": "LevelTooLow" },
      },
    };

    for (const [state, { reach, outcome }] of Object.entries(states)) {
      for (const name of PROOFS) {
        it(`${state}: ${name}: ${outcome[name]}`, async () => {
          await optIn(Level.fast);
          const proof = await prove(name);
          await attempt(proof);
          await reach();
          const error = await errorOf(attempt(proof), world.chain.contract, verifier);
          expect(error?.name ?? delivers).to.equal(outcome[name]);
        });
      }
    }
  });

  it("a fast statement about another block is another statement", async () => {
    await optIn(Level.fast);
    const proof = await prove("certificate fast");
    const at = 2 + 2 * 10;
    const other = proof.slice(0, at) + id("another block").slice(2) + proof.slice(at + 64);
    await expect(attempt(other)).to.be.revertedWithCustomError(verifier, "InvalidSignature");
    const none = proof.slice(0, at) + "00".repeat(32) + proof.slice(at + 64);
    await expect(attempt(none)).to.be.revertedWithCustomError(world.chain.contract, "MalformedProof");
  });
});
