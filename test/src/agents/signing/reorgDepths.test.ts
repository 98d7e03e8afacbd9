import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { id, SigningKey, ZeroHash } from "ethers";

import { FileSigningStore, Operator } from "../../../../src/agents/index.ts";
import { FileHaltBook, haltsFileOf } from "../../../../src/agents/signing/fileHaltBook.ts";
import { readBlock } from "../../../../src/chain/blocks.ts";
import { readLaneTo } from "../../../../src/chain/readLaneTo.ts";
import { branchPoint, reorganise } from "../../../../src/testing/reorganise.ts";
import { countOf, Level, type Checkpoint, type LaneWord } from "../../../../src/wire/index.ts";
import { isWhole } from "../../../support/kills.ts";
import { mine, send, useWorld } from "../fixture.ts";

/** Blocks that are taken back; `npm run test:kills` tries all. */
const ALL = Array.from({ length: 64 }, (_, place) => place + 1);
const SOME = [1, 2, 3, 7, 16, 33, 63, 64];

const RECIPIENT = "0x00000000000000000000000000000000000000aa";
const KEY = new SigningKey(id("operator of the depths"));

describe("R23: reorganisations of a source, however deep", () => {
  const world = useWorld();
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "parley-depths-"));
    file = path.join(folder, "signed.jsonl");
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** What beta's lane to alpha is now. */
  async function truth(): Promise<Checkpoint> {
    const { beta, alpha } = world;
    const { timestamp } = await readBlock(beta.provider, "latest");
    const laneWord = await readLaneTo(beta, alpha.chainId);
    const ends = { source: beta.id, destination: alpha.id };
    return { ...ends, laneWord, reachedBy: timestamp, level: Level.final, blockHash: ZeroHash };
  }

  /** Asks an operator that was just started, on the same files. */
  async function certify(checkpoint: Checkpoint): Promise<string> {
    const store = await FileSigningStore.open(file);
    try {
      const halts = await FileHaltBook.open(haltsFileOf(file));
      const operator = new Operator({ nodes: world.members, domain: world.domain, key: KEY, store, halts });
      const { signature, refused } = await operator.certify([checkpoint]);
      return signature === undefined ? refused[0]!.code : "signed";
    } finally {
      await store.close();
    }
  }

  for (const depth of isWhole ? ALL : SOME) {
    it(`of depth ${depth}, before it signed, after it, and across restarts: one word at each count, on one fold`, async () => {
      const { alpha, beta } = world;
      const provider = world.fabric.members.find((member) => member.id === beta.id)!.provider;
      const signed = new Map<bigint, LaneWord>();
      const ask = async (checkpoint: Checkpoint): Promise<string> => {
        const answer = await certify(checkpoint);
        const count = countOf(checkpoint.laneWord);
        if (answer === "signed") expect(signed.get(count) ?? checkpoint.laneWord).to.equal(checkpoint.laneWord);
        if (answer === "signed") signed.set(count, checkpoint.laneWord);
        return answer;
      };
      const message = (payload: `0x${string}`) => async (): Promise<void> => {
        await send(beta, alpha, RECIPIENT, { payload });
      };

      // Before: what was taken back is false now, and what came instead is signed.
      let point = await branchPoint(provider);
      await message("0x01")();
      const taken = await truth();
      if (depth > 1) await mine(world, beta, depth - 1);
      point = await reorganise(point, message("0x02"));
      expect(await ask(taken)).to.equal("operator/false-word");
      const kept = await truth();
      expect(await ask(kept)).to.equal("signed");

      // After: nothing else is signed on the lane, whoever asks for what, however often it is started again.
      await reorganise(point, message("0x03"));
      expect(await ask(await truth())).to.equal("signing/equivocation");
      expect(await ask(kept)).to.equal("operator/false-word");
      await message("0x04")();
      expect(await ask(await truth())).to.equal("signing/off-fold");
      expect([...signed.values()]).to.deep.equal([kept.laneWord]);
      expect((await FileHaltBook.open(haltsFileOf(file))).all()).to.have.length(1);
    });
  }
});
