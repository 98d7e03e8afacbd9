import { expect } from "chai";
import { ZeroHash } from "ethers";

import type { OperatorClient, RelayedMember } from "../../../src/agents/index.ts";
import { readBlock } from "../../../src/chain/blocks.ts";
import { readLaneTo } from "../../../src/chain/readLaneTo.ts";
import {
  encodeAdvanceProof,
  encodeCertificate,
  Level,
  type Checkpoint,
  type Hex,
  type OperatorSignature,
} from "../../../src/wire/index.ts";
import {
  deadOperator,
  gatewayOf,
  idsOf,
  NOTHING,
  operatorsOf,
  passTime,
  recorderOn,
  relayerOf,
  send,
  through,
  transactionsSent,
  useWorld,
} from "./fixture.ts";

describe("Relayer beside others:", () => {
  const world = useWorld();

  /** Someone has the destination hold the lane's word as it is now. */
  async function hold(source: RelayedMember, destination: RelayedMember, level: Level): Promise<void> {
    const { timestamp, hash } = await readBlock(source.provider, "latest");
    const checkpoint: Checkpoint = {
      source: source.id,
      destination: destination.id,
      laneWord: await readLaneTo(source, destination.chainId),
      reachedBy: timestamp,
      level,
      blockHash: level === Level.fast ? hash : ZeroHash,
    };
    const signers = operatorsOf(world).sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
    const signatures = await Promise.all(
      signers.map(async (signer, index): Promise<OperatorSignature> => {
        const { signature } = await signer.certify([checkpoint]);
        return { index, signature: signature! };
      }),
    );
    const proof = encodeAdvanceProof({ siblings: [[]], certificate: encodeCertificate(signatures) });
    await gatewayOf(destination).advance([checkpoint], proof);
  }

  /** The member, on whose node something happens when it is first asked to call the recipient: after held words were read. */
  function interrupted(member: RelayedMember, recipient: string, happens: () => Promise<void>): RelayedMember {
    let hasHappened = false;
    const call = async (request: { to?: string }): Promise<string> => {
      if (request.to === recipient && !hasHappened) {
        hasHappened = true;
        await happens();
      }
      return await member.provider.call(request);
    };
    return through(member, { call });
  }

  for (const level of [Level.final, Level.fast] as const) {
    it(`delivers by a certificate in the same step where the ${level === Level.final ? "final" : "fast"} word it relied on was replaced under way`, async () => {
      const { alpha, beta, l1 } = world;
      if (level === Level.fast) await gatewayOf(l1).setSource(beta.id, Level.fast, 0, false);
      const recorder = await recorderOn(l1);
      const ids = [await send(beta, l1, recorder), await send(beta, l1, recorder, { payload: "0x02" })];
      await hold(beta, l1, level);
      const replace = async (): Promise<void> => {
        await send(beta, l1, recorder, { payload: "0x03" });
        await hold(beta, l1, level);
      };
      const members = [interrupted(l1, recorder, replace), alpha, beta];
      const relayer = relayerOf(world, undefined, { members });
      const report = await relayer.step();
      expect(report.delivered.map(({ id, level: by }) => [id, by])).to.deep.equal(ids.map((id) => [id, Level.final]));
      expect(report).to.deep.include({ failed: [], uncertified: [], problems: [] });
      const next = await relayer.step();
      expect(next.delivered).to.have.lengthOf(1);
      expect(await relayer.step()).to.deep.equal(NOTHING);
    });
  }

  it("where operators are silent too, delivers by the word that came in its place, in the next step", async () => {
    const { alpha, beta, l1 } = world;
    const recorder = await recorderOn(l1);
    const ids = [await send(beta, l1, recorder)];
    await hold(beta, l1, Level.final);
    const replace = async (): Promise<void> => {
      ids.push(await send(beta, l1, recorder));
      await hold(beta, l1, Level.final);
    };
    const members = [interrupted(l1, recorder, replace), alpha, beta];
    const relayer = relayerOf(world, operatorsOf(world).map(deadOperator), { members });
    const report = await relayer.step();
    expect(report.delivered).to.deep.equal([]);
    expect(report.uncertified.map(({ source, destination }) => [source, destination])).to.deep.equal([["beta", "l1"]]);
    expect(idsOf((await relayer.step()).delivered)).to.deep.equal(ids);
  });

  it("where no certificate counts, says that the word is gone", async () => {
    const { alpha, beta, l1 } = world;
    const recorder = await recorderOn(alpha);
    await send(beta, alpha, recorder);
    await hold(beta, alpha, Level.final);
    await passTime(world, 25 * 60 * 60);
    const pause = async (): Promise<void> => {
      await gatewayOf(alpha).setSource(beta.id, 0, 0, true);
    };
    const members = [l1, interrupted(alpha, recorder, pause), beta];
    const report = await relayerOf(world, undefined, { members }).step();
    expect(report).to.deep.include({ delivered: [], failed: [], uncertified: [] });
    expect(report.problems.map(({ subject, code }) => [subject, code])).to.deep.equal([
      ["beta → alpha", "relayer/word-not-held"],
    ]);
  });

  it("delivers by its certificates where another had a later word held before its own `advance`", async () => {
    const { beta, l1 } = world;
    const recorder = await recorderOn(l1);
    const id = await send(beta, l1, recorder);
    let later: Hex = "";
    const operators = operatorsOf(world);
    const racing: OperatorClient = {
      address: operators[0]!.address,
      certify: async (checkpoints) => {
        if (later === "") {
          later = await send(beta, l1, recorder);
          await hold(beta, l1, Level.final);
        }
        return await operators[0]!.certify(checkpoints);
      },
    };
    const relayer = relayerOf(world, [racing, ...operators.slice(1)], { advanceFrom: 1 });
    const report = await relayer.step();
    expect(idsOf(report.delivered)).to.deep.equal([id]);
    expect(report.problems).to.deep.equal([]);
    expect(idsOf((await relayer.step()).delivered)).to.deep.equal([later]);
  });

  it("takes steps that are asked for at once one after the other: nothing is sent twice", async () => {
    const { alpha, beta, l1 } = world;
    const ids = [await send(beta, l1, await recorderOn(l1)), await send(l1, alpha, await recorderOn(alpha))];
    const relayer = relayerOf(world);
    const before = await transactionsSent(world);
    const [first, ...others] = await Promise.all([relayer.step(), relayer.step(), relayer.step()]);
    expect(idsOf(first.delivered)).to.have.members(ids);
    expect(others).to.deep.equal([NOTHING, NOTHING]);
    expect(await transactionsSent(world)).to.equal(before + ids.length);
  });

  it("goes on after a step that failed altogether", async () => {
    const { beta, l1 } = world;
    const id = await send(beta, l1, await recorderOn(l1));
    let isBroken = true;
    const [first, ...others] = operatorsOf(world);
    const breaking: OperatorClient = {
      get address(): string {
        if (isBroken) throw new Error("broken");
        return first!.address;
      },
      certify: async (checkpoints) => await first!.certify(checkpoints),
    };
    const relayer = relayerOf(world, [breaking, ...others]);
    const failing = relayer.step();
    const outcome = await failing.catch((error: unknown) => error);
    expect(outcome).to.be.instanceOf(Error).with.property("message", "broken");
    isBroken = false;
    expect(idsOf((await relayer.step()).delivered)).to.deep.equal([id]);
  });
});
