/** A fabric for faults: four operators, rollups whose blocks become final after a while, as it was before each test. */
import type { RelayedMember } from "../../../../src/agents/index.ts";
import { followLanes } from "../../../../src/chain/lanes.ts";
import type { Fabric } from "../../../../src/testing/fabric.ts";
import type { FaultyFabric } from "../../../../src/testing/faults/index.ts";
import type { Hex } from "../../../../src/wire/index.ts";
import { MessageRecorder__factory } from "../../../../types/ethers-contracts/factories/test/recipients/MessageRecorder__factory.ts";
import { startEmbedded } from "../../../e2e/embedded.ts";
import { recorderOn, send } from "../../agents/fixture.ts";

/** Blocks that stand on a final one: as many as may be taken back. */
export const CONFIRMATIONS = { alpha: 5, beta: 3 } as const;

export interface FaultWorld {
  readonly fabric: Fabric;
  /** Recipients by the member's name; they record whatever comes. */
  readonly recorders: ReadonlyMap<string, string>;
}

/** Starts a fabric for the tests of this `describe`; `reset` brings it back. */
export function useFaultWorld(): FaultWorld & { reset(): Promise<void> } {
  let world: FaultWorld | undefined;
  let close: () => Promise<void>;
  let snapshots: unknown[] = [];

  const save = async (): Promise<void> => {
    snapshots = [];
    for (const { provider } of known().fabric.members) {
      snapshots.push(await provider.request({ method: "evm_snapshot", params: [] }));
    }
  };
  const known = (): FaultWorld => {
    if (world === undefined) throw new Error("the world starts before the tests");
    return world;
  };
  const reset = async (): Promise<void> => {
    for (const [place, { provider }] of known().fabric.members.entries()) {
      await provider.request({ method: "evm_revert", params: [snapshots[place]] });
    }
    await save();
  };
  before(async () => {
    const embedded = await startEmbedded({
      operators: 4,
      rollups: {
        alpha: { network: "parleyAlpha", finality: { confirmations: CONFIRMATIONS.alpha } },
        beta: { network: "parleyBeta", finality: { confirmations: CONFIRMATIONS.beta } },
      },
    });
    close = () => embedded.close();
    const { fabric } = embedded;
    const recorders = new Map<string, string>();
    for (const member of fabric.members) {
      recorders.set(member.name, await recorderOn(member as unknown as RelayedMember));
    }
    await fabric.finalize();
    world = { fabric, recorders };
    await save();
  });
  beforeEach(reset);
  after(() => close());
  return {
    get fabric() {
      return known().fabric;
    },
    get recorders() {
      return known().recorders;
    },
    reset,
  };
}

/** Sends a message between members of these names; answers its id. */
export async function sendBetween(
  { recorders }: FaultWorld,
  { members }: Pick<FaultyFabric, "members">,
  from: string,
  to: string,
  payload: Hex = "0x",
): Promise<Hex> {
  const [source, destination] = [memberOf(members, from), memberOf(members, to)];
  return await send(source, destination, recorders.get(to)!, { payload });
}

export const memberOf = (members: readonly RelayedMember[], name: string): RelayedMember =>
  members.find((member) => member.name === name)!;

/** A message on a lane, and how often its recipient got it. */
export interface Fate {
  readonly source: string;
  readonly destination: string;
  readonly id: Hex;
  readonly executions: number;
}

/** What became of every message that is on a lane now, and of all others that a recipient got. */
export async function fates(
  { recorders }: FaultWorld,
  { members }: Pick<FaultyFabric, "members">,
): Promise<{ sent: Fate[]; foreign: Hex[] }> {
  const executed = new Map<string, Hex[]>();
  for (const { name, provider } of members) {
    const recorder = MessageRecorder__factory.connect(recorders.get(name)!, provider);
    executed.set(
      name,
      (await recorder.queryFilter(recorder.filters.Received())).map(({ args }) => args.id),
    );
  }
  const sent: Fate[] = [];
  for (const member of members) {
    for (const { destination, messages } of (await followLanes(member).latest()).state.values()) {
      const to = members.find(({ id }) => id === destination)!.name;
      for (const { id } of messages) {
        const executions = executed.get(to)!.filter((other) => other === id).length;
        sent.push({ source: member.name, destination: to, id, executions });
      }
    }
  }
  const ids = new Set(sent.map(({ id }) => id));
  return { sent, foreign: [...executed.values()].flat().filter((id) => !ids.has(id)) };
}
