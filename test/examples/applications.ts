/** The applications of deploy/examples on a triangle, each with something in the hands of an account. */
import { Contract, ethers, type Signer } from "ethers";

import { GovernanceAbroad, GovernanceHome } from "../../deploy/examples/governance.ts";
import { LockedTokenAbroad, LockedTokenHome } from "../../deploy/examples/lockedToken.ts";
import { MintedToken } from "../../deploy/examples/mintedToken.ts";
import { MultiTokenAbroad, MultiTokenHome } from "../../deploy/examples/multiToken.ts";
import { NftAbroad, NftHome } from "../../deploy/examples/nft.ts";
import { addressOn, deployTo, type End, linkAll, type Rollup, type TriangleWorld } from "./triangle.ts";

/** An application's ends, home first. */
export type Ends = readonly [End, End, End];

export const SUPPLY = 1_000n;
/** Tokens of the ERC-721, and kinds of the ERC-1155. */
export const IDS = [0n, 1n, 2n, 3n, 4n] as const;

/** A token that is locked at home and minted abroad: its ends, linked. */
async function lockAndMint(
  { rollups }: TriangleWorld,
  artifact: string,
  home: Parameters<typeof deployTo>[1],
  abroad: Parameters<typeof deployTo>[1],
  parameters: Readonly<Record<string, unknown>>,
): Promise<Ends> {
  const [first, ...others] = rollups;
  const token = await first.connection.ethers.deployContract(artifact);
  const vault = await deployTo(first, home, { token: token.target });
  const ends: End[] = [{ rollup: first, end: vault["end"]!, token }];
  for (const rollup of others) {
    const { end } = await deployTo(rollup, abroad, parameters);
    ends.push({ rollup, end: end!, token: end! });
  }
  await linkAll(ends);
  return ends as unknown as Ends;
}

const NAMED = { name: "Abroad", symbol: "ABR" };

export const deployLockedToken = (world: TriangleWorld): Promise<Ends> =>
  lockAndMint(world, "DenyListToken", LockedTokenHome, LockedTokenAbroad, { ...NAMED, decimals: 18 });

export const deployNft = (world: TriangleWorld): Promise<Ends> =>
  lockAndMint(world, "Collectible", NftHome, NftAbroad, NAMED);

export const deployMultiToken = (world: TriangleWorld): Promise<Ends> =>
  lockAndMint(world, "Collection", MultiTokenHome, MultiTokenAbroad, { uri: "" });

export async function deployMintedToken({ rollups }: TriangleWorld): Promise<Ends> {
  const home = rollups[0].member.chainId;
  const ends: End[] = [];
  for (const rollup of rollups) {
    const { end, token } = await deployTo(rollup, MintedToken, { ...NAMED, supply: SUPPLY, home });
    ends.push({ rollup, end: end!, token: token! });
  }
  await linkAll(ends);
  return ends as unknown as Ends;
}

/** A governor at home, and executors abroad, each of which owns a charter. */
export interface Governance {
  readonly home: Rollup;
  readonly token: Contract;
  readonly governor: Contract;
  readonly abroad: readonly { readonly rollup: Rollup; readonly executor: Contract; readonly charter: Contract }[];
}

export async function deployGovernance({ rollups }: TriangleWorld): Promise<Governance> {
  const [home, ...others] = rollups;
  const { token, governor } = await deployTo(home, GovernanceHome, {
    ...{ name: "Votes", symbol: "VOTE", supply: SUPPLY },
    ...{ delay: 0, period: 60, quorum: SUPPLY },
  });
  const abroad = [];
  for (const rollup of others) {
    const { executor } = await deployTo(rollup, GovernanceAbroad, {
      governor: addressOn(home, governor!.target as string),
    });
    const charter = await rollup.connection.ethers.deployContract("Charter", [executor!.target]);
    abroad.push({ rollup, executor: executor!, charter: charter as unknown as Contract });
  }
  return { home, token: token!, governor: governor!, abroad };
}

/** Decides by a vote that an executor calls its charter, and answers how often that took effect so far. */
export async function decide(
  { home, token, governor, abroad }: Governance,
  place: number,
  decision: bigint,
): Promise<void> {
  const { rollup, executor, charter } = abroad[place]!;
  const call = charter.interface.encodeFunctionData("enact", [decision]);
  const execution = ethers.solidityPacked(["address", "uint256", "bytes"], [charter.target, 0, call]);
  const relayed = governor.interface.encodeFunctionData("relayCrosschain", [
    home.member.contracts.gateway,
    addressOn(rollup, executor.target as string),
    ethers.ZeroHash,
    execution,
  ]);
  const why = `decision ${decision}`;
  const proposal = [[governor.target], [0], [relayed]] as const;
  const { provider, signer } = home.member;
  await mined(token, signer, "delegate", await signer.getAddress());
  await mined(governor, signer, "propose", ...proposal, why);
  const id: unknown = await governor.getFunction("getProposalId").staticCall(...proposal, ethers.id(why));
  await provider.request({ method: "evm_increaseTime", params: [10] });
  await mined(governor, signer, "castVote", id, 1);
  await provider.request({ method: "evm_increaseTime", params: [60] });
  await mined(governor, signer, "execute", ...proposal, ethers.id(why));
}

/** Sends a transaction and waits for its block. */
export async function mined(
  contract: Contract,
  signer: Signer,
  method: string,
  ...args: unknown[]
): Promise<ethers.TransactionReceipt> {
  const connected = new Contract(contract.target, contract.interface, signer);
  const response = (await connected.getFunction(method).send(...args)) as ethers.TransactionResponse;
  return (await response.wait())!;
}
