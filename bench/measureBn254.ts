/** What a certificate costs by the number of operators: a whole `advance` of one lane, by BN254 and by ECDSA. */
import { ethers } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";

import {
  certificateDigest,
  checkpointLeaf,
  encodeAdvanceProof,
  encodeCertificate,
  encodeTable,
  Level,
  memberId,
  SCHEME_BN254,
  SCHEME_ECDSA,
  wordOf,
  type Checkpoint,
  type Hex,
  type MemberRef,
  type OperatorTable,
} from "../src/wire/index.ts";
import type { Gateway } from "../types/ethers-contracts/index.js";
import { certifyBn254, jointKey, makeBn254Operators } from "../test/fixtures/bn254.ts";
import { makeOperators } from "../test/fixtures/operators.ts";

/** Operators in the tables, and the parts of them that are absent. */
export const SIZES = [4, 16, 64, 200] as const;
export const ABSENT = [0, 10, 33] as const;

const ROUNDS = 8;
const AT = { chainId: 1n, settlement: ethers.getAddress(`0x${"5e".repeat(20)}`) };
const SERVICE_MANAGER = ethers.getAddress(`0x${"5a".repeat(20)}`);
const DOMAIN = { settlementChainId: AT.chainId, serviceManager: SERVICE_MANAGER };
const SOURCE: MemberRef = { chainId: 900_001n, gateway: ethers.getAddress(`0x${"6a".repeat(20)}`) };
const WEIGHT = ethers.parseEther("100");

/** Of so many operators, how many are absent where this part of them in percent is: never so many that there is no quorum. */
export const absentOf = (operators: number, percent: number): number =>
  Math.min(Math.floor((operators * percent) / 100), operators - quorumOf(operators));

/** The least number of operators of equal weight that is a quorum. */
const quorumOf = (operators: number): number => Math.floor((operators * 6_667) / 10_000) + 1;

/** A Gateway whose tables are of a scheme. */
class Measured {
  #count = 0;
  #snapshot: bigint;
  private constructor(
    readonly gateway: Gateway,
    readonly bridge: ethers.Signer,
    readonly self: MemberRef,
    now: bigint,
  ) {
    this.#snapshot = now;
  }

  static async create(connection: NetworkConnection, factory: string): Promise<Measured> {
    const [admin, bridge, user] = await connection.ethers.getSigners();
    if (admin === undefined || bridge === undefined || user === undefined)
      throw new Error("The chain has no accounts.");
    const initCode = (await connection.ethers.getContractFactory("Gateway")).bytecode;
    const deployer = await connection.ethers.deployContract("GatewayDeployer", [admin, ethers.keccak256(initCode)]);
    const tableFactory = await connection.ethers.deployContract(factory);
    const wiring = { settlementChainId: AT.chainId, settlement: AT.settlement, serviceManager: SERVICE_MANAGER };
    await deployer.deploy(initCode, { ...wiring, owner: admin, bridge, tableFactory, acceptAll: true });
    const gateway = await deployer.gatewayAddress(AT.chainId, AT.settlement);
    const [{ chainId }, block] = [
      await connection.ethers.provider.getNetwork(),
      await connection.ethers.provider.getBlock("latest"),
    ];
    const contract = await connection.ethers.getContractAt("Gateway", gateway, user);
    return new Measured(contract, bridge, { chainId, gateway }, BigInt(block?.timestamp ?? 0) - 1_000n);
  }

  /** Puts a table of these operators in force. */
  async adopt(listed: Pick<OperatorTable, "scheme" | "operators"> & { readonly aggregateKey?: Hex }): Promise<void> {
    const snapshot = (this.#snapshot += 1n);
    const members = [SOURCE, this.self].map((member) => ({
      ...member,
      certifiableUntil: snapshot + 864_000n,
      flags: 0,
    }));
    const table = { snapshot, expiry: snapshot + 86_400n, weightFloor: 1n, members, ...listed } as OperatorTable;
    await (
      await this.gateway.connect(this.bridge).fromSettlement([encodeTable(table, AT)], { gasLimit: 16_000_000 })
    ).wait();
  }

  /** Gas of an `advance`, whose certificate is made of the digest: the mean of some after one. */
  async advance(certify: (digest: Hex) => Hex): Promise<number> {
    const [source, destination] = [memberId(AT, SOURCE), memberId(AT, this.self)];
    let sum = 0;
    for (let round = 0; round <= ROUNDS; ++round) {
      this.#count += 1;
      const laneWord = wordOf(ethers.dataSlice(ethers.id(this.#count.toString()), 0, 27), BigInt(this.#count));
      const said = { source, destination, laneWord };
      const checkpoint: Checkpoint = {
        ...said,
        reachedBy: this.#snapshot,
        level: Level.final,
        blockHash: ethers.ZeroHash,
      };
      const certificate = certify(certificateDigest(DOMAIN, checkpointLeaf(checkpoint)));
      const sent = await this.gateway.advance([checkpoint], encodeAdvanceProof({ siblings: [[]], certificate }));
      if (round > 0) sum += Number((await sent.wait())?.gasUsed ?? 0);
    }
    return Math.round(sum / ROUNDS);
  }
}

/** Gas of a whole `advance`: `bn254_<operators>_<absent>` by BN254, `ecdsa_<operators>` by the least quorum, and from how many on BN254 is less. */
export async function measureCertificates(connect: () => Promise<NetworkConnection>): Promise<Record<string, number>> {
  const figures: Record<string, number> = {};
  const bn254 = await Measured.create(await connect(), "Bn254TableFactory");
  for (const size of SIZES) {
    const operators = makeBn254Operators(size).map(({ key }) => ({ key, weight: WEIGHT }));
    const aggregateKey = jointKey(operators).publicKey.g2;
    const listed = operators.map(({ key, weight }) => ({ key: key.publicKey.g1, weight }));
    await bn254.adopt({ scheme: SCHEME_BN254, operators: listed, aggregateKey });
    for (const percent of ABSENT) {
      // The last ones: wherever they are, it costs the same.
      const absent = operators.map((_, index) => index).slice(size - absentOf(size, percent));
      figures[`bn254_${size}_${percent}`] = await bn254.advance((digest) => certifyBn254(operators, digest, absent));
    }
  }
  const ecdsa = await Measured.create(await connect(), "EcdsaTableFactory");
  const byEcdsa = async (size: number): Promise<number> => {
    const operators = makeOperators(size).map((operator) => ({ ...operator, weight: WEIGHT }));
    await ecdsa.adopt({ scheme: SCHEME_ECDSA, operators });
    const sign = (digest: Hex): Hex =>
      encodeCertificate(
        operators
          .slice(0, quorumOf(size))
          .map(({ wallet }, index) => ({ index, signature: wallet.signingKey.sign(digest).serialized })),
      );
    return ecdsa.advance(sign);
  };
  for (const size of SIZES) figures[`ecdsa_${size}`] = await byEcdsa(size);
  // BN254 with all present costs the same for any number, ECDSA the more the more there are.
  let [low, high] = [SIZES[0] as number, SIZES[2] as number];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((await byEcdsa(middle)) > (figures.bn254_64_0 ?? 0)) high = middle;
    else low = middle;
  }
  return { ...figures, crossing: high };
}
