/** The embedded fabric, its operators and relayers as objects of their own, and messages between members. */
import type { Provider } from "ethers";

import {
  MemorySigningStore,
  Operator,
  Relayer,
  type MemberNode,
  type OperatorClient,
  type OperatorOptions,
  type RelayedMember,
  type RelayerOptions,
  type StepReport,
} from "../../../src/agents/index.ts";
import type { Fabric, FabricMember } from "../../../src/testing/fabric.ts";
import { readerOf } from "../../../src/chain/readerOf.ts";
import {
  encodeAttributes,
  encodeInteroperableAddress,
  type CertificateDomain,
  type Hex,
  type Options,
} from "../../../src/wire/index.ts";
import { IGateway__factory } from "../../../types/ethers-contracts/factories/interfaces/IGateway__factory.js";
import { MessageRecorder__factory } from "../../../types/ethers-contracts/factories/test/recipients/MessageRecorder__factory.ts";
import type { IGateway } from "../../../types/ethers-contracts/interfaces/IGateway.js";
import type { ParleyUserConfig } from "../../../tasks/config/types.ts";
import { startEmbedded } from "../../e2e/embedded.ts";

/** Blocks that stand on a final one of alpha; on L1 and beta every block is final at once. */
export const ALPHA_CONFIRMATIONS = 2;

/** A running fabric that goes back to how it was before each test. */
export type World = {
  readonly fabric: Fabric;
  readonly l1: RelayedMember;
  readonly alpha: RelayedMember;
  readonly beta: RelayedMember;
  readonly members: readonly RelayedMember[];
  readonly domain: CertificateDomain;
};

/** Starts a fabric for the tests of this `describe`, and brings it back before each. `config` is what differs from the embedded one. */
export function useWorld(config: Pick<ParleyUserConfig, "operators" | "keyType"> = {}): World {
  let world: World | undefined;
  let close: () => Promise<void>;
  const snapshots = new Map<FabricMember, unknown>();

  const save = async (fabric: Fabric): Promise<void> => {
    for (const member of fabric.members) {
      snapshots.set(member, await member.provider.request({ method: "evm_snapshot", params: [] }));
    }
  };
  before(async () => {
    const embedded = await startEmbedded({
      ...config,
      rollups: {
        alpha: { network: "parleyAlpha", finality: { confirmations: ALPHA_CONFIRMATIONS } },
        beta: { network: "parleyBeta" },
      },
    });
    close = () => embedded.close();
    const { fabric } = embedded;
    await fabric.finalize();
    const members = fabric.members.map(relayed) as [RelayedMember, RelayedMember, RelayedMember];
    const [l1, alpha, beta] = members;
    const { serviceManager } = fabric.contracts;
    world = { fabric, l1, alpha, beta, members, domain: { settlementChainId: l1.chainId, serviceManager } };
    await save(fabric);
  });
  beforeEach(async () => {
    const { fabric } = known(world);
    for (const [member, snapshot] of snapshots) {
      await member.provider.request({ method: "evm_revert", params: [snapshot] });
    }
    await save(fabric);
  });
  after(() => close());

  return new Proxy({} as World, { get: (_, name) => Reflect.get(known(world), name) as unknown });
}

const known = (world: World | undefined): World => {
  if (world === undefined) throw new Error("the world starts before the tests");
  return world;
};

function relayed(member: FabricMember): RelayedMember {
  const { name, id, chainId, confirmations, signer, ref } = member;
  return {
    name,
    id,
    chainId,
    gateway: ref.gateway,
    provider: readerOf(signer),
    confirmations,
    startBlock: 0,
    signer,
  };
}

/** The fabric's operators, each on its own view of the nodes and with nothing signed yet. */
export function operatorsOf(world: World, options: Partial<OperatorOptions> = {}): Operator[] {
  return world.fabric.operators.map(
    ({ key }) =>
      new Operator({ nodes: world.members, domain: world.domain, key, store: new MemorySigningStore(), ...options }),
  );
}

/** A relayer with these operators, all of the fabric's by default. */
export function relayerOf(
  world: World,
  operators: readonly OperatorClient[] = operatorsOf(world),
  options: Partial<RelayerOptions> = {},
): Relayer {
  const { settlement, serviceManager } = world.fabric.contracts;
  return new Relayer({
    settlement: {
      chainId: world.l1.chainId,
      settlement,
      serviceManager,
      signer: world.l1.signer,
      startBlock: world.fabric.startBlock,
    },
    members: world.members,
    operators,
    ...options,
  });
}

export const gatewayOf = ({ gateway, signer }: RelayedMember): IGateway => IGateway__factory.connect(gateway, signer);

/** Sends a message; answers its id. */
export async function send(
  from: RelayedMember,
  to: RelayedMember,
  recipient: string,
  { payload = "0x", ...options }: Options & { payload?: Hex } = {},
): Promise<Hex> {
  const address = encodeInteroperableAddress({ chainId: to.chainId, address: recipient });
  const call = [address, payload, encodeAttributes(options)] as const;
  const id = await gatewayOf(from).sendMessage.staticCall(...call);
  await gatewayOf(from).sendMessage(...call);
  return id;
}

/** Deploys a recipient that its factory makes. */
export async function deployed<T extends { waitForDeployment(): Promise<unknown> }>(contract: Promise<T>): Promise<T> {
  return (await (await contract).waitForDeployment()) as T;
}

/** Mines blocks on a member's chain. */
export async function mine(world: World, member: RelayedMember, blocks = 1): Promise<void> {
  await requestOn(world, member, "hardhat_mine", [`0x${blocks.toString(16)}`]);
}

/** Lets time pass on all chains, in seconds. */
export async function passTime(world: World, seconds: number): Promise<void> {
  for (const member of world.members) {
    await requestOn(world, member, "evm_increaseTime", [seconds]);
    await mine(world, member);
  }
}

/** Asks a simulated chain. */
export async function requestOn(
  { fabric }: World,
  { id }: RelayedMember,
  method: string,
  params: readonly unknown[],
): Promise<unknown> {
  return await fabric.members.find((member) => member.id === id)!.provider.request({ method, params });
}

/** How many transactions the relayer's accounts have sent, on all chains. */
export async function transactionsSent({ members }: World): Promise<number> {
  const nonces = await Promise.all(members.map(({ signer }) => signer.getNonce()));
  return nonces.reduce((sum, nonce) => sum + nonce, 0);
}

/** A member whose node answers as `overrides` say. */
export function through<T extends MemberNode>(node: T, overrides: Partial<Record<keyof Provider, unknown>>): T {
  const provider = new Proxy(node.provider, {
    get: (target, name: string) => {
      if (name in overrides) return overrides[name as keyof Provider];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
  return { ...node, provider };
}

/** What a step reports that finds nothing to do. */
export const NOTHING: StepReport = {
  published: [],
  revoked: [],
  pushed: [],
  delivered: [],
  failed: [],
  uncertified: [],
  problems: [],
};

/** Deploys a recipient that takes everything; answers its address. */
export async function recorderOn({ signer }: RelayedMember): Promise<string> {
  return await (await deployed(new MessageRecorder__factory(signer).deploy())).getAddress();
}

export const idsOf = (messages: readonly { readonly id: Hex }[]): Hex[] => messages.map(({ id }) => id);

/** An operator that cannot be reached. */
export const deadOperator = ({ address }: OperatorClient): OperatorClient => ({
  address,
  certify: async () => Promise.reject(new Error("connection refused")),
});
