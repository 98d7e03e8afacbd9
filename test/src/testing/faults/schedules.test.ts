import { expect } from "chai";
import { Contract } from "ethers";

import { readTableInForce } from "../../../../src/chain/readTableInForce.ts";
import { Watcher } from "../../../../src/agents/index.ts";
import { SOME_FAULTS, withFaults, type FaultyFabric } from "../../../../src/testing/faults/index.ts";
import { chance, oneOf } from "../../../../src/testing/faults/chance.ts";
import { type Fate, fates, memberOf, sendBetween, useFaultWorld } from "./world.ts";

const ROUNDS = 5;
/** Schedules that are tried. */
const SEEDS = [2, 5, 37]; // among them every kind of fault
/** Messages that are sent in a round at most. */
const MOST = 6;

describe("A fabric under random faults", function () {
  this.timeout(120_000);
  const world = useFaultWorld();

  /** Sends some messages on lanes that the seed chooses. */
  async function sendSome(faults: FaultyFabric, seed: number, round: number): Promise<void> {
    const names = faults.members.map(({ name }) => name);
    for (let place = 0; place < Math.floor(chance(seed, "sends", round) * (MOST + 1)); place++) {
      const from = oneOf(names, seed, "from", round, place)!;
      const to = oneOf(
        names.filter((name) => name !== from),
        seed,
        "to",
        round,
        place,
      )!;
      await sendBetween(world, faults, from, to, `0x${seed.toString(16).padStart(8, "0")}`);
    }
  }

  /** Has every lane settled, so that what operators said is compared with it, and hands all they ever signed to a watcher. */
  async function convictedAfter(faults: FaultyFabric, sent: readonly Fate[]): Promise<string[]> {
    const { fabric } = world;
    for (const { name, contracts, signer } of fabric.members) {
      const bridge = new Contract(contracts.bridge, ["function settleCurrent(bytes32 destination) payable"], signer);
      for (const other of fabric.members) {
        const isUsed = sent.some(({ source, destination }) => source === name && destination === other.name);
        if (isUsed) await (await bridge.getFunction("settleCurrent").send(other.id)).wait();
      }
    }
    await fabric.derive();
    const l1 = memberOf(faults.members, "l1");
    const { settlement, serviceManager } = fabric.contracts;
    const watcher = new Watcher({
      settlement: {
        ...{ chainId: l1.chainId, settlement, serviceManager },
        signer: l1.signer,
        startBlock: fabric.startBlock,
      },
      members: faults.members,
    });
    for (const { checkpoints, signature } of faults.signed) watcher.hear(checkpoints, signature);
    const report = await watcher.step();
    expect(report.problems, "what the watcher could not do").to.deep.equal([]);
    const nameOf = (address: string): string => fabric.operators.find((one) => one.address === address)!.name;
    return report.convicted.map(({ operator }) => nameOf(operator)).sort();
  }

  it("invariants 1, 2 and 9, R23: every message arrives once when the faults end, no honest operator can be convicted, and who equivocates is", async () => {
    let [happened, convictions] = [0, 0];
    for (const seed of SEEDS) {
      await world.reset();
      const faults = await withFaults(world.fabric, { seed, ...SOME_FAULTS, rounds: ROUNDS });
      await faults.run(async () => {
        for (let round = 0; round < ROUNDS; round++) {
          await sendSome(faults, seed, round);
          await faults.round();
        }
        await faults.end();
        await faults.deliverAll();
        const { sent, foreign } = await fates(world, faults);
        expect(sent.filter(({ executions }) => executions !== 1)).to.deep.equal([]);
        expect(foreign, "what was executed and is on no lane").to.deep.equal([]);
        for (const member of faults.members) expect((await readTableInForce(member)).id).to.not.equal(undefined);
        const convicted = await convictedAfter(faults, sent);
        expect(convicted).to.deep.equal([...faults.equivocators].sort());
        happened += faults.schedule.faults.length + faults.calls.length + faults.doubled;
        convictions += convicted.length;
      });
    }
    expect(happened).to.be.greaterThan(SEEDS.length * ROUNDS);
    expect(convictions, "some schedule has an operator that equivocates").to.be.greaterThan(0);
  });
});
