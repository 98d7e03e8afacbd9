/** Axelar: the Amplifier gateway behind its proxy, with 8 weighted signers of equal weight. */
import { AbiCoder, concat, ethers, id, keccak256, type Contract } from "ethers";

import type { Hex } from "../../src/wire/index.ts";
import { addressOf, artifact, as, at, call, deploy, view } from "../contracts.ts";
import { figuresOf, gasOf, inOne, KEYS, sign, type Ground, type Measured } from "./peer.ts";

const FOLDER = "@axelar-network/axelar-gmp-sdk-solidity/artifacts/contracts/gateway";
const DOMAIN = id("axelar");
const CHAIN = "avalanche";
const SIGNERS = "tuple(tuple(address signer, uint128 weight)[] signers, uint128 threshold, bytes32 nonce)";
const MESSAGES =
  "tuple(string sourceChain, string messageId, string sourceAddress, address contractAddress, bytes32 payloadHash)[]";

/** A message that the gateway is to approve. */
type Message = {
  sourceChain: string;
  messageId: string;
  sourceAddress: string;
  contractAddress: string;
  payloadHash: Hex;
};

/** Deploys the gateway that a recipient asks. */
export async function deployAxelar({ owner, proxyAdmin }: Ground, threshold: number): Promise<Contract> {
  const logic = await deploy(
    artifact(`${FOLDER}/AxelarAmplifierGateway.sol/AxelarAmplifierGateway.json`),
    owner,
    15,
    DOMAIN,
    3_600,
  );
  const setup = AbiCoder.defaultAbiCoder().encode(["address", `${SIGNERS}[]`], [owner.address, [signersOf(threshold)]]);
  const proxy = artifact(`${FOLDER}/AxelarAmplifierGatewayProxy.sol/AxelarAmplifierGatewayProxy.json`);
  return at(logic, await deploy(proxy, owner, logic, proxyAdmin, setup));
}

const signersOf = (threshold: number): object => ({
  signers: KEYS.map(({ address }) => ({ signer: address, weight: 1 })),
  threshold,
  nonce: id("signers"),
});

export async function measureAxelar(
  ground: Ground,
  gateway: Contract,
  recipient: Contract,
  threshold: number,
): Promise<Measured> {
  const { user } = ground;
  const [relayed, executed] = [as(user, gateway), as(user, recipient)];
  const coder = AbiCoder.defaultAbiCoder();
  const signersHash = keccak256(coder.encode([SIGNERS], [signersOf(threshold)]));
  const sender = user.address.toLowerCase();
  const target = ethers.getAddress(addressOf(recipient));
  let index = 0;
  const next = (payload: Hex): Message => ({
    sourceChain: CHAIN,
    messageId: `${id(`transaction ${(index++).toString()}`)}-0`,
    sourceAddress: sender,
    contractAddress: target,
    payloadHash: keccak256(payload),
  });
  const approve = (messages: Message[]): Promise<number> => {
    const data = keccak256(coder.encode(["uint8", MESSAGES], [0, messages]));
    const digest = keccak256(
      concat([ethers.toUtf8Bytes("\x19Ethereum Signed Message:\n96"), DOMAIN, signersHash, data]),
    );
    const proof = { signers: signersOf(threshold), signatures: sign(digest, threshold) };
    return gasOf(call(relayed, "approveMessages", messages, proof), messages.length);
  };
  const execution = async ({ messageId }: Message, payload: Hex): Promise<unknown[]> => [
    await view<string>(gateway, "messageToCommandId", CHAIN, messageId),
    CHAIN,
    sender,
    payload,
  ];
  const figures = await figuresOf({
    send: (payload) => gasOf(call(relayed, "callContract", CHAIN, target.toLowerCase(), payload), 1),
    deliver: async (payload) => {
      const message = next(payload);
      const approved = await approve([message]);
      return approved + (await gasOf(call(executed, "execute", ...(await execution(message, payload))), 1));
    },
    deliverMany: async (list) => {
      const messages = list.map(next);
      const approved = await approve(messages);
      const calls: unknown[][] = [];
      for (const [i, message] of messages.entries()) calls.push(await execution(message, list[i] ?? "0x"));
      return approved + (await gasOf(inOne(ground, recipient, "execute", calls), messages.length));
    },
  });
  return {
    name: `Axelar Amplifier ${threshold.toString()}/8`,
    version: "@axelar-network/axelar-gmp-sdk-solidity 6.2.0",
    trust: "weighted signers",
    signatures: `${threshold.toString()} of 8`,
    transactions: 2,
    batch: "one proof for all; the recipients' calls one each, from a contract",
    played: "signers' rotation does not happen; no gas service is paid",
    ...figures,
  };
}
