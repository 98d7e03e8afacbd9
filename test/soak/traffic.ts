/** Messages from every rollup to every other one, many in a transaction. */
import { AbiCoder, id, Wallet, ZeroHash } from "ethers";

import { followArrivals, type Arrivals } from "../../src/chain/arrivals.ts";
import type { Follower } from "../../src/chain/follower.ts";
import type { MemberNode } from "../../src/chain/memberNode.ts";
import { readerOf } from "../../src/chain/readerOf.ts";
import { fund } from "../../src/testing/cheats.ts";
import type { FabricMember } from "../../src/testing/fabric.ts";
import { encodeInteroperableAddress } from "../../src/wire/index.ts";
import { IGateway__factory } from "../../types/ethers-contracts/factories/interfaces/IGateway__factory.ts";
import { Caller__factory } from "../../types/ethers-contracts/factories/test/recipients/Caller__factory.ts";
import { MessageRecorder__factory } from "../../types/ethers-contracts/factories/test/recipients/MessageRecorder__factory.ts";
import type { SoakRollup } from "./chains.ts";
import { PER_TRANSACTION } from "./plan.ts";

const GATEWAY = IGateway__factory.createInterface();
const CALLER = Caller__factory.createInterface();
const CALLS = "tuple(address target, bytes data, bool required)[]";
const BALANCE = 10n ** 24n;

/** Where messages come from and go to, on one rollup. */
export interface Terminal {
  readonly rollup: SoakRollup;
  readonly recorder: string;
  /** What arrived. */
  readonly arrivals: Follower<Arrivals>;
  /** Sends messages to another one, in one transaction. */
  sendTo(other: Terminal): Promise<void>;
}

export async function openTerminal(rollup: SoakRollup): Promise<Terminal> {
  const { member, branches } = rollup;
  const recorder = await (await new MessageRecorder__factory(member.signer).deploy()).waitForDeployment();
  const caller = await (await new Caller__factory(member.signer).deploy()).waitForDeployment();
  const [recorderAddress, callerAddress] = [await recorder.getAddress(), await caller.getAddress()];
  const sender = new Wallet(id("parley.soak.sender"), readerOf(member.signer));
  await fund(member.provider, sender.address, BALANCE);
  let sent = 0;
  return {
    rollup,
    recorder: recorderAddress,
    arrivals: followArrivals(asNode(member)),
    sendTo: async ({ rollup: to, recorder: recipient }) => {
      const address = encodeInteroperableAddress({ chainId: to.member.chainId, address: recipient });
      const calls = Array.from({ length: PER_TRANSACTION }, () => {
        const payload = `0x${(sent++).toString(16).padStart(64, "0")}`;
        return {
          target: member.ref.gateway,
          data: GATEWAY.encodeFunctionData("sendMessage", [address, payload, []]),
          required: true,
        };
      });
      const payload = AbiCoder.defaultAbiCoder().encode([CALLS], [calls]);
      const data = CALLER.encodeFunctionData("receiveMessage", [ZeroHash, "0x", payload]);
      const transaction = await sender.populateTransaction({ to: callerAddress, data, gasLimit: 10_000_000n });
      const signed = await sender.signTransaction(transaction);
      await branches.provider.request({ method: "eth_sendRawTransaction", params: [signed] });
    },
  };
}

const asNode = ({ name, id: member, ref, signer, confirmations, startBlock }: FabricMember): MemberNode => ({
  ...{ name, id: member, ...ref, provider: readerOf(signer), confirmations, startBlock },
});
