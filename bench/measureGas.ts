import { ethers } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";

import {
  certificateDigest,
  checkpointLeaf,
  countOf,
  encodeBatch,
  encodeCertificate,
  encodeGatewayItem,
  encodeInteroperableAddress,
  encodeProof,
  encodeAdvanceProof,
  foldBatch,
  genesis,
  Level,
  memberId,
  PAGE_SIZE,
  SCHEME_ECDSA,
  sortedTable,
  type BatchItem,
  type Checkpoint,
  type Hex,
  type LaneWord,
  type MemberRef,
} from "../src/wire/index.ts";

/** Gas by receipts; batch figures are per message. */
export type GasFigures = {
  send32: number;
  send256: number;
  deliver32: number;
  deliver256: number;
  batch100_32: number;
  batch100_256: number;
  held32: number;
  held256: number;
  advance: number;
};

/** When the chain that is measured begins: calldata holds times, and its zero bytes cost less, so the time is fixed. */
export const GENESIS = new Date("2030-01-01T00:00:00Z");

const WARM_UPS = 4;
const ROUNDS = 16;
const SIGNERS = 6;
const OPERATORS = 8;
const SETTLEMENT = { chainId: 1n, settlement: ethers.getAddress(`0x${"5e".repeat(20)}`) };
const SERVICE_MANAGER = ethers.getAddress(`0x${"5a".repeat(20)}`);
const SOURCE: MemberRef = { chainId: 900_001n, gateway: ethers.getAddress(`0x${"6a".repeat(20)}`) };

/** Bytes that look random, the same in every run. */
function payloads(length: number): () => Hex {
  let state = ethers.id(`payload ${length.toString()}`);
  return () => {
    const words: Hex[] = [];
    for (let i = 0; i < length; i += 32) words.push((state = ethers.keccak256(state)));
    return ethers.dataSlice(ethers.concat(words), 0, length);
  };
}

const mean = (numbers: readonly number[]): number =>
  Math.round(numbers.reduce((sum, value) => sum + value, 0) / numbers.length);

/** Another recipient than SilentRecipient, and how many messages a batch has in place of 100. */
export type GasConditions = { readonly recipient?: string; readonly batch?: number };

/** Deploys one Gateway whose bridge is an account of its own, and measures it as the source and as the destination. */
export async function measureGas(
  connection: NetworkConnection,
  { recipient: given, batch = 100 }: GasConditions = {},
): Promise<GasFigures> {
  const [admin, bridge, user] = await connection.ethers.getSigners();
  if (admin === undefined || bridge === undefined || user === undefined) throw new Error("The chain has no accounts.");
  const { chainId } = await connection.ethers.provider.getNetwork();

  const initCode = (await connection.ethers.getContractFactory("Gateway")).bytecode;
  const deployer = await connection.ethers.deployContract("GatewayDeployer", [admin, ethers.keccak256(initCode)]);
  const tableFactory = await connection.ethers.deployContract("EcdsaTableFactory");
  await deployer.deploy(initCode, {
    owner: admin,
    bridge,
    tableFactory,
    settlementChainId: SETTLEMENT.chainId,
    settlement: SETTLEMENT.settlement,
    serviceManager: SERVICE_MANAGER,
    acceptAll: true,
  });
  const address = await deployer.gatewayAddress(SETTLEMENT.chainId, SETTLEMENT.settlement);
  const gateway = await connection.ethers.getContractAt("Gateway", address, user);
  const recipient = given ?? (await (await connection.ethers.deployContract("SilentRecipient")).getAddress());

  const keys = Array.from({ length: OPERATORS }, (_, i) => new ethers.SigningKey(ethers.id(`operator ${i.toString()}`)))
    .map((key) => ({ key, address: ethers.computeAddress(key) }))
    .sort((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1));
  const snapshot = BigInt(GENESIS.getTime() / 1000);
  const certifiableUntil = snapshot + 864_000n;
  const table = sortedTable(
    {
      scheme: SCHEME_ECDSA,
      snapshot,
      expiry: snapshot + 86_400n,
      weightFloor: 1n,
      members: [SOURCE, { chainId, gateway: address }, { chainId: 1n, gateway: address }].map((member) => ({
        ...member,
        certifiableUntil,
        flags: 0,
      })),
      operators: keys.map(({ address: key }) => ({ key, weight: ethers.parseEther("100") })),
    },
    SETTLEMENT,
  );
  await gateway.connect(bridge).fromSettlement([encodeGatewayItem({ kind: "table", table }, SETTLEMENT)]);

  const source = memberId(SETTLEMENT, SOURCE);
  const destination = memberId(SETTLEMENT, { chainId, gateway: address });
  const lane = { source, destinationChainId: chainId };
  let word: LaneWord = genesis(source, destination);

  const checkpointAt = (laneWord: LaneWord): Checkpoint => ({
    source,
    destination,
    laneWord,
    reachedBy: snapshot,
    level: Level.final,
    blockHash: ethers.ZeroHash,
  });
  const certify = (checkpoint: Checkpoint): Hex => {
    const digest = certificateDigest(
      { settlementChainId: 1n, serviceManager: SERVICE_MANAGER },
      checkpointLeaf(checkpoint),
    );
    return encodeCertificate(
      keys.slice(0, SIGNERS).map(({ key }, index) => ({ index, signature: key.sign(digest).serialized })),
    );
  };
  const [short, long] = [payloads(32), payloads(256)];
  const items = (count: number, payload: () => Hex): BatchItem[] =>
    Array.from({ length: count }, () => ({
      kind: "message",
      sender: user.address,
      recipient,
      options: 0n,
      payload: payload(),
    }));
  const deliver = async (batch: BatchItem[], held: boolean): Promise<number> => {
    const from = word;
    word = foldBatch(lane, from, batch).word;
    const checkpoint = checkpointAt(word);
    if (held)
      await gateway.advance([checkpoint], encodeAdvanceProof({ siblings: [[]], certificate: certify(checkpoint) }));
    const proof = held
      ? encodeProof({ kind: "held", level: Level.final })
      : encodeProof({
          kind: "certificate",
          level: Level.final,
          reachedBy: checkpoint.reachedBy,
          blockHash: ethers.ZeroHash,
          siblings: [],
          certificate: certify(checkpoint),
        });
    const sent = await gateway.deliver(SOURCE, encodeBatch(batch), proof, from, { gasLimit: 16_000_000 });
    const receipt = await sent.wait();
    if (receipt?.logs.length !== batch.length) throw new Error("Not every message was delivered.");
    return Number(receipt.gasUsed);
  };
  const steady = async (round: () => Promise<number>): Promise<number> => {
    const measured: number[] = [];
    for (let i = 0; i < WARM_UPS + ROUNDS; ++i) measured.push(await round());
    return mean(measured.slice(WARM_UPS));
  };
  const send = async (payload: () => Hex): Promise<number> => {
    const to = encodeInteroperableAddress({ chainId: SOURCE.chainId, address: recipient });
    const receipt = await (await gateway.sendMessage(to, payload(), [])).wait();
    return Number(receipt?.gasUsed ?? 0);
  };
  const advance = async (payload: () => Hex): Promise<number> => {
    word = foldBatch(lane, word, items(1, payload)).word;
    const checkpoint = checkpointAt(word);
    const proof = encodeAdvanceProof({ siblings: [[]], certificate: certify(checkpoint) });
    return Number((await (await gateway.advance([checkpoint], proof)).wait())?.gasUsed ?? 0);
  };
  /** To the start of the next page, so that a steady round meets no fresh bitmap slot. */
  const skipTo = async (count: number): Promise<void> => {
    while (Number(countOf(word) % PAGE_SIZE) !== count) await deliver(items(1, short), false);
  };

  const figures = {
    send32: await steady(() => send(short)),
    send256: await steady(() => send(long)),
    deliver32: await steady(() => deliver(items(1, short), false)),
    deliver256: await steady(() => deliver(items(1, long), false)),
    held32: await steady(() => deliver(items(1, short), true)),
    held256: await steady(() => deliver(items(1, long), true)),
    advance: await steady(() => advance(short)),
  };
  await skipTo(128);
  const batch100_32 = Math.round((await deliver(items(batch, short), false)) / batch);
  await skipTo(128);
  const batch100_256 = Math.round((await deliver(items(batch, long), false)) / batch);
  return { ...figures, batch100_32, batch100_256 };
}
