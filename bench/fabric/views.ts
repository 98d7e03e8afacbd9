/** Rollups and their lanes as a relayer sees them, without chains: words, tables and members are made as the chains make them. */
import { computeAddress, dataSlice, getAddress, id, JsonRpcProvider, SigningKey, VoidSigner, ZeroHash } from "ethers";

import { type OperatorClient, type RelayedMember } from "../../src/agents/index.ts";
import { operatorSigner } from "../../src/agents/operatorSigner.ts";
import type { Judges, LaneView } from "../../src/agents/relaying/lanes.ts";
import {
  checkpointTree,
  genesis,
  idOf,
  Level,
  memberId,
  messageHash,
  next,
  SCHEME_ECDSA,
  type CertificateDomain,
  type Checkpoint,
  type Hex,
  type OperatorTable,
} from "../../src/wire/index.ts";

export const QUORUM_BPS = 6_667n;
export const SETTLEMENT = { chainId: 1n, settlement: addressOf("settlement") };
export const DOMAIN: CertificateDomain = { settlementChainId: 1n, serviceManager: addressOf("service manager") };

/** When the epoch is. */
const NOW = 1_893_456_000n;
const DAY = 86_400n;
const GATEWAY = addressOf("gateway");
const FIRST_CHAIN = 900_001n;
const WEIGHT = 32n * 10n ** 18n;

function addressOf(text: string): string {
  return getAddress(dataSlice(id(text), 12));
}

/** Rollups that nobody asks anything: their nodes are not there. */
export function rollups(count: number): RelayedMember[] {
  return Array.from({ length: count }, (_, place): RelayedMember => {
    const chainId = FIRST_CHAIN + BigInt(place);
    const provider = new JsonRpcProvider("http://127.0.0.1:9", chainId, { staticNetwork: true });
    return {
      ...{ name: `rollup-${place + 1}`, id: memberId(SETTLEMENT, { chainId, gateway: GATEWAY }), chainId },
      ...{ gateway: GATEWAY, provider, confirmations: 0, startBlock: 0 },
      signer: new VoidSigner(addressOf("relayer"), provider),
    };
  });
}

/** Those who sign: as many, of the same weight. */
export interface Signers {
  readonly clients: readonly OperatorClient[];
  readonly judges: Judges;
  /** How many signatures they made so far. */
  readonly made: () => number;
}

/** Signers that look nothing up, as there is nowhere to look; what they sign with is what operators sign with. */
export function signersFor(members: readonly RelayedMember[], count: number): Signers {
  let made = 0;
  const roots = new Map<readonly Checkpoint[], Hex>(); // each asks for the same tree
  const keys = Array.from({ length: count }, (_, place) => new SigningKey(id(`operator ${place}`)));
  const clients = keys.map((key): OperatorClient => {
    const signer = operatorSigner(key);
    return {
      address: signer.address,
      certify: async (checkpoints) => {
        const root = roots.get(checkpoints) ?? checkpointTree(checkpoints).root;
        roots.set(checkpoints, root);
        made += 1;
        return { root, signature: await signer.signRoot(DOMAIN, root), refused: [] };
      },
    };
  });
  const operators = keys
    .map((key) => ({ key: computeAddress(key.publicKey), weight: WEIGHT }))
    .sort((a, b) => (BigInt(a.key) < BigInt(b.key) ? -1 : 1));
  const table: OperatorTable = {
    scheme: SCHEME_ECDSA,
    ...{ snapshot: NOW - DAY / 2n, expiry: NOW + DAY / 2n, weightFloor: 1n, operators },
    members: members.map(({ chainId, gateway }) => ({ chainId, gateway, certifiableUntil: NOW + 3n * DAY, flags: 0 })),
  };
  return { clients, judges: { table, quorumBps: QUORUM_BPS }, made: () => made };
}

/** A lane with one message of 32 bytes, that is final and undelivered. */
export function laneView(source: RelayedMember, destination: RelayedMember, judges: Judges): LaneView {
  const before = genesis(source.id, destination.id);
  const [sender, recipient, payload, options] = [addressOf("sender"), addressOf("recipient"), id("payload"), 0n];
  const hash = messageHash({
    ...{ source: source.id, destinationChainId: destination.chainId },
    sender,
    recipient,
    options,
    payload,
  });
  const after = next(before, hash);
  const message = {
    ...{ id: idOf(before, hash), nonce: 0n, hash, before, after, sender, recipient, options, payload },
    ...{ blockNumber: 1, txHash: ZeroHash },
  };
  return {
    ...{ source, destination, judges, held: [] },
    lane: {
      ...{ source: source.id, destination: destination.id, destinationChainId: destination.chainId },
      ...{ genesis: before, word: after, messages: [message], isOpen: true },
    },
    horizons: new Map([[Level.final, { count: 1n, reachedBy: NOW, blockHash: ZeroHash }]]),
    candidates: [{ message, isSuspect: false }],
  };
}
