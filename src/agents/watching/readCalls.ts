import type { Result } from "ethers";

import { interfaceOf } from "../../chain/contractAt.ts";
import { IGateway__factory } from "../../../types/ethers-contracts/factories/interfaces/IGateway__factory.ts";
import { ParleyError } from "../../errors.ts";
import {
  decodeAdvanceProof,
  decodeBatch,
  decodeCertificate,
  decodeEquivocation,
  decodeProof,
  foldBatch,
  laneWord,
  memberId,
  readBn254Certificate,
  toLevel,
  type Checkpoint,
  type Hex,
  type LaneWord,
  type SettlementRef,
  type Statement,
} from "../../wire/index.ts";
import type { GivenStatement } from "./signedStatement.ts";

/** A Gateway that is called, by its place in the fabric. */
export type CalledGateway = { readonly id: Hex; readonly chainId: bigint };

/** What the calls of a transaction show. */
export type ShownByCalls = {
  readonly statements: readonly GivenStatement[];
  /** Words and the messages that follow them. */
  readonly folds: readonly { readonly from: LaneWord; readonly messageHashes: readonly Hex[] }[];
  /** Calls that could be read. */
  readonly calls: number;
};

const GATEWAY = interfaceOf(IGateway__factory);
const METHODS = ["deliver", "advance", "revokeTable"] as const;
type Method = (typeof METHODS)[number];

const NOTHING: ShownByCalls = { statements: [], folds: [], calls: 0 };

/**
 * What the calls to a Gateway in a transaction's data show. A transaction to another contract (a router, a wallet) is searched
 * for calls that it carries as they are; what that contract makes up by itself cannot be seen here.
 */
export function readCalls(data: Hex, isDirect: boolean, gateway: CalledGateway, at: SettlementRef): ShownByCalls {
  const found = (isDirect ? [data] : METHODS.flatMap((method) => carried(data, method))).map((call) =>
    readCall(call, gateway, at),
  );
  return {
    statements: found.flatMap(({ statements }) => statements),
    folds: found.flatMap(({ folds }) => folds),
    calls: found.reduce((sum, { calls }) => sum + calls, 0),
  };
}

/** Everything in the data that begins like a call of this method. */
function carried(data: Hex, method: Method): Hex[] {
  const selector = GATEWAY.getFunction(method).selector.slice(2);
  const calls: Hex[] = [];
  for (let at = data.indexOf(selector); at !== -1; at = data.indexOf(selector, at + 1)) {
    if (at % 2 === 0) calls.push(`0x${data.slice(at)}`);
  }
  return calls;
}

function readCall(call: Hex, gateway: CalledGateway, at: SettlementRef): ShownByCalls {
  try {
    const parsed = GATEWAY.parseTransaction({ data: call });
    if (parsed?.name === "deliver") return readDeliver(parsed.args, gateway, at);
    if (parsed?.name === "advance") return readAdvance(parsed.args);
    if (parsed?.name === "revokeTable") return readEvidence(parsed.args);
    return NOTHING;
  } catch (error) {
    if (isMalformed(error)) return NOTHING; // the Gateway can read it no more than this
    throw error;
  }
}

/** Whether that is what the ABI coder and the wire format throw for bytes that mean nothing. */
const isMalformed = (error: unknown): boolean =>
  error instanceof ParleyError || error instanceof RangeError || (error instanceof Error && "code" in error);

function readDeliver(args: Result, { id, chainId }: CalledGateway, at: SettlementRef): ShownByCalls {
  const [ref, items, proofBytes, fromBytes] = args as unknown as [[chainId: bigint, gateway: string], Hex, Hex, Hex];
  const source = memberId(at, { chainId: ref[0], gateway: ref[1] });
  const from = laneWord(fromBytes);
  const { word, placed } = foldBatch({ source, destinationChainId: chainId }, from, decodeBatch(items));
  const folds = [{ from, messageHashes: placed.map(({ messageHash }) => messageHash) }];
  const proof = decodeProof(proofBytes);
  if (proof.kind === "held") return { statements: [], folds, calls: 1 };
  const { level, reachedBy, blockHash, siblings, certificate } = proof;
  const checkpoint: Checkpoint = { source, destination: id, laneWord: word, reachedBy, level, blockHash };
  return { statements: [given({ checkpoint, siblings, certificate })], folds, calls: 1 };
}

function readAdvance(args: Result): ShownByCalls {
  const [checkpoints, proof] = args as unknown as [CheckpointAbi[], Hex];
  const { siblings, certificate } = decodeAdvanceProof(proof, checkpoints.length);
  const statements = checkpoints.map(([source, destination, word, reachedBy, level, blockHash], place) =>
    given({
      checkpoint: {
        source,
        destination,
        laneWord: laneWord(word),
        reachedBy,
        level: toLevel(level, "level"),
        blockHash,
      },
      siblings: siblings[place] ?? [],
      certificate,
    }),
  );
  return { statements, folds: [], calls: 1 };
}

function readEvidence(args: Result): ShownByCalls {
  const [bytes] = args as unknown as [Hex];
  const { a, b, from, messageHashes } = decodeEquivocation(bytes);
  return { statements: [given(a), given(b)], folds: [{ from, messageHashes }], calls: 1 };
}

// What ethers decodes: tuples as arrays.
type CheckpointAbi = [source: Hex, destination: Hex, word: Hex, reachedBy: bigint, level: bigint, blockHash: Hex];

/** Whether bytes are laid out as a BN254 certificate. */
function isOfBn254(certificate: Hex): boolean {
  try {
    readBn254Certificate(certificate);
    return true;
  } catch (error) {
    if (error instanceof ParleyError) return false;
    throw error;
  }
}

/** A statement of evidence with its signatures, whoever made them. Throws as `decodeCertificate` does if it is of no scheme. */
export function given({ checkpoint, siblings, certificate }: Statement): GivenStatement {
  try {
    return { checkpoint, siblings, signatures: decodeCertificate(certificate).map(({ signature }) => signature) };
  } catch (error) {
    if (!isOfBn254(certificate)) throw error;
    return { checkpoint, siblings, signatures: [], certificates: [certificate] };
  }
}
