/** Passes messages between members and sees them arrive. */
import { Contract, type ContractTransactionReceipt, getCreateAddress, Interface } from "ethers";

import { PingPong__factory } from "../../types/ethers-contracts/factories/examples/PingPong__factory.ts";
import type { StepReport } from "../agents/index.ts";
import { ParleyError } from "../errors.ts";
import { encodeInteroperableAddress, type Hex } from "../wire/index.ts";
import type { FabricMember } from "./fabric.ts";
import { readerOf } from "../chain/readerOf.ts";

/** The ping-pong example (contracts/examples/PingPong.sol) on one member. */
export interface PingPong {
  readonly member: FabricMember;
  readonly address: string;
  readonly contract: Contract;
}

/** A message that was sent. */
export interface SentMessage {
  readonly id: Hex;
  readonly from: FabricMember;
  readonly to: FabricMember;
  /** Gas of the transaction that sent it. */
  readonly sendGas: bigint;
}

/** A message that was executed. */
export interface ExchangedMessage extends SentMessage {
  /** Gas of the transaction that delivered it, shared among the messages in it. */
  readonly deliverGas: bigint;
}

const PING_PONG = new Interface([
  "event BallSent(bytes32 indexed sendId, uint256 indexed chainId, uint256 hitsLeft)",
  "event BallReceived(bytes32 indexed receiveId, bytes sender, uint256 hitsLeft)",
  "function serve(uint256 chainId, uint256 hits) returns (bytes32 sendId)",
  "function received() view returns (uint256)",
]);

/** Deploys the example on each of these members, all linked to each other. */
export async function deployPingPong(members: readonly FabricMember[]): Promise<PingPong[]> {
  const planned = await Promise.all(members.map(async (member) => ({ member, address: await nextContract(member) })));
  const deployed: PingPong[] = [];
  for (const { member } of planned) {
    const links = planned
      .filter((other) => other.member !== member)
      .map((other) => ({
        gateway: member.ref.gateway,
        counterpart: encodeInteroperableAddress({ chainId: other.member.chainId, address: other.address }),
      }));
    const contract = await new PingPong__factory(member.signer).deploy(links);
    await contract.waitForDeployment();
    const address = await contract.getAddress();
    deployed.push({ member, address, contract: new Contract(address, PING_PONG, member.signer) });
  }
  return deployed;
}

/** Where the signer's next contract will stand: each needs the others' addresses before any of them exists. */
async function nextContract({ signer }: FabricMember): Promise<string> {
  const from = await signer.getAddress();
  return getCreateAddress({ from, nonce: await readerOf(signer).getTransactionCount(from) });
}

/** Hits a ball from one member to another. */
export async function serve(from: PingPong, to: PingPong, hits = 0): Promise<SentMessage> {
  const response = await from.contract.getFunction("serve").send(to.member.chainId, hits);
  const receipt = await response.wait();
  const id = receipt === null ? undefined : sentIds(receipt)[0];
  if (receipt === null || id === undefined) {
    throw new ParleyError(
      "message/not-sent",
      `Transaction ${response.hash} on ${from.member.name} sent no message.`,
      "A simulated chain must mine each transaction as it comes (`mining.auto`).",
    );
  }
  return { id, from: from.member, to: to.member, sendGas: receipt.gasUsed };
}

function sentIds({ logs }: ContractTransactionReceipt): Hex[] {
  const events = logs.map((log) => PING_PONG.parseLog(log));
  return events.flatMap((event) => (event?.name === "BallSent" ? [String(event.args["sendId"])] : []));
}

/** Says which step executed each message. Throws `message/not-delivered` with what is known if one was not. */
export function confirmDelivered(sent: readonly SentMessage[], reports: readonly StepReport[]): ExchangedMessage[] {
  const delivered = new Map(reports.flatMap((report) => report.delivered).map((message) => [message.id, message]));
  return sent.map((message) => {
    const found = delivered.get(message.id);
    if (found === undefined) throw notDelivered(message, reports);
    return { ...message, deliverGas: found.gasUsed / BigInt(found.batchSize) };
  });
}

function notDelivered({ id, from, to }: SentMessage, reports: readonly StepReport[]): ParleyError {
  const reasons = new Set(
    reports.flatMap(({ failed, uncertified, problems }) => [
      ...failed.filter((message) => message.id === id).map(({ reason }) => reason),
      ...uncertified.flatMap(({ answers }) => answers.map(({ operator, refusal }) => `${operator}: ${refusal.reason}`)),
      ...problems.map(({ subject, reason }) => `${subject}: ${reason}`),
    ]),
  );
  return new ParleyError(
    "message/not-delivered",
    `Message ${id} from ${from.name} to ${to.name} was not delivered. ${[...reasons].join("; ")}`.trimEnd(),
    "It stays deliverable. Look at what the operators and the relayer say, then relay again.",
  );
}
