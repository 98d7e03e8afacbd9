/** A chain of a devnet as a test uses it: hardhat-ethers' helpers, and the Gateway. */
import type { HardhatEthers, HardhatEthersHelpers, HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { type Addressable, type TransactionReceipt, resolveAddress, type Signer } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";

import { contractAt } from "../src/chain/contractAt.ts";
import { Gateway__factory } from "../types/ethers-contracts/factories/Gateway__factory.ts";
import type { Gateway } from "../types/ethers-contracts/Gateway.ts";
import { ParleyError } from "../src/errors.ts";
import type { FabricMember } from "../src/testing/fabric.ts";
import { encodeAttributes, encodeInteroperableAddress, type Hex, type Options } from "../src/wire/index.ts";
import type { DevnetMessage, MessageBook } from "./messageBook.ts";
import { hashOf, type TransactionLike } from "./transactionHash.ts";

/** A message that a test sends itself, without a contract. */
export interface Letter extends Options {
  readonly to: DevnetMember;
  /** A contract on `to` that implements ERC-7786's `receiveMessage`. */
  readonly recipient: string | Addressable;
  /** Nothing if left out. */
  readonly payload?: Hex;
  /** The first account if left out. */
  readonly from?: Signer;
}

export interface MemberParts {
  readonly member: FabricMember;
  readonly connection: NetworkConnection;
  readonly signers: readonly HardhatEthersSigner[];
  readonly messages: MessageBook;
}

/** A member of a devnet: L1, or a rollup. */
export class DevnetMember {
  /** `l1`, or the rollup's name. */
  readonly name: string;
  readonly chainId: bigint;
  /** Its member id. */
  readonly id: Hex;
  /** Hardhat's connection to the chain. */
  readonly connection: NetworkConnection;
  /** The chain's EIP-1193 provider. */
  readonly provider: NetworkConnection["provider"];
  /** ethers, with hardhat-ethers' helpers for this chain. */
  readonly ethers: HardhatEthers;
  /** The chain's accounts; the first one owns the Gateway. */
  readonly signers: readonly HardhatEthersSigner[];
  /** The Gateway, signed for by its owner. */
  readonly gateway: Gateway;
  /** The messages of the whole devnet. */
  readonly messages: MessageBook;

  constructor({ member, connection, signers, messages }: MemberParts) {
    this.name = member.name;
    this.chainId = member.chainId;
    this.id = member.id;
    this.connection = connection;
    this.provider = connection.provider;
    this.ethers = connection.ethers;
    this.signers = signers;
    this.gateway = contractAt(Gateway__factory, member.contracts.gateway, member.signer);
    this.messages = messages;
  }

  /** Deploys a contract of the project here: hardhat-ethers' `deployContract`, and waits until it is there. */
  get deploy(): HardhatEthersHelpers["deployContract"] {
    return bound<HardhatEthersHelpers, "deployContract">(this.ethers, "deployContract");
  }

  /** A contract that stands here: hardhat-ethers' `getContractAt`. */
  get getContractAt(): HardhatEthersHelpers["getContractAt"] {
    return bound<HardhatEthersHelpers, "getContractAt">(this.ethers, "getContractAt");
  }

  /** An account of this chain as ERC-7786 applications name it: the ERC-7930 form of its address. */
  async interoperable(account: string | Addressable): Promise<Hex> {
    return encodeInteroperableAddress({ chainId: this.chainId, address: await resolveAddress(account) });
  }

  /** Sends a message from an account of this chain, and waits until it is on its lane. */
  async send({ to, recipient, payload = "0x", from, ...options }: Letter): Promise<DevnetMessage> {
    const gateway = from === undefined ? this.gateway : this.gateway.connect(from);
    const response = await gateway.sendMessage(await to.interoperable(recipient), payload, encodeAttributes(options));
    const [message] = await this.sentIn(response);
    if (message === undefined) throw new Error("the Gateway puts each message on a lane");
    return message;
  }

  /** The messages that a transaction of this chain sent, lane by lane. Throws `devnet/no-transaction`. */
  async sentIn(transaction: TransactionLike | Promise<TransactionLike>): Promise<DevnetMessage[]> {
    const { hash } = await this.receiptOf(transaction);
    return (await this.messages.all()).filter(({ source, txHash }) => source === this.name && txHash === hash);
  }

  /** A transaction's receipt. Throws `devnet/no-transaction` if no block of this chain has it. */
  async receiptOf(transaction: TransactionLike | Promise<TransactionLike>): Promise<TransactionReceipt> {
    const hash = hashOf(await transaction);
    const receipt = await this.ethers.provider.getTransactionReceipt(hash);
    if (receipt !== null) return receipt;
    throw new ParleyError(
      "devnet/no-transaction",
      `No block of ${this.name} has the transaction ${hash}.`,
      "Name the chain to which it was sent; where automatic mining is off, mine a block first.",
    );
  }
}

/** A method that may be taken apart from its object. All its overloads stay, which `bind` alone loses. */
function bound<Of, Name extends keyof Of>(of: Of, name: Name): Of[Name] {
  const method = of[name];
  if (typeof method !== "function") throw new Error("only methods are bound");
  return method.bind(of) as Of[Name];
}
