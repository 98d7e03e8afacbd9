/** LayerZero V2: EndpointV2, the message libraries ULN 302, DVNs, Executor, their fee libraries, price feed and treasury. */
import {
  concat,
  ethers,
  keccak256,
  toBeHex,
  zeroPadValue,
  type Contract,
  type ContractTransactionResponse,
} from "ethers";

import type { Hex } from "../../src/wire/index.ts";
import { addressOf, artifact, as, at, call, deploy, view, type Compiled } from "../contracts.ts";
import { figuresOf, gasOf, inOne, KEYS, sign, signedMessage, type Ground, type Measured } from "./peer.ts";

const [REMOTE, LOCAL] = [30_102, 30_101];
const CONFIRMATIONS = 15;
const EXPIRATION = 4_000_000_000;
const library = (path: string): Compiled =>
  artifact(`@layerzerolabs/lz-evm-messagelib-v2/artifacts/contracts/${path}.json`);
const protocol = (path: string): Compiled =>
  artifact(`@layerzerolabs/lz-evm-protocol-v2/artifacts/contracts/${path}.json`);
/** Options of type 3: 200,000 gas for the receiver. */
const OPTIONS = concat(["0x0003", "0x01", toBeHex(17, 2), "0x01", toBeHex(200_000, 16)]);
const word = (address: string): Hex => zeroPadValue(address, 32);

/** DVNs of so many signers, of which so many are needed. */
export type Verifiers = { readonly dvns: number; readonly signers: number; readonly quorum: number };

type Deployed = { endpoint: Contract; receive: Contract; executor: Contract; dvns: Contract[] };

async function deployLayerZero({ owner, proxyAdmin }: Ground, { dvns, signers, quorum }: Verifiers): Promise<Deployed> {
  const endpoint = await deploy(protocol("EndpointV2.sol/EndpointV2"), owner, LOCAL, owner);
  const send = await deploy(library("uln/uln302/SendUln302.sol/SendUln302"), owner, endpoint, 200_000, 10n ** 18n);
  const receive = await deploy(library("uln/uln302/ReceiveUln302.sol/ReceiveUln302"), owner, endpoint);
  const proxied = async (path: string, ...args: unknown[]): Promise<Contract> => {
    const logic = await deploy(library(path), owner);
    const proxy = library("upgradeable/proxy/TransparentUpgradeableProxy.sol/TransparentUpgradeableProxy");
    const data = logic.interface.encodeFunctionData("initialize", args);
    // Whoever initializes must be the proxy's holder.
    return at(logic, await deploy(proxy, proxyAdmin, logic, proxyAdmin, data));
  };
  const feed = as(owner, await proxied("PriceFeed.sol/PriceFeed", owner.address));
  const price = { priceRatio: 10n ** 20n, gasPriceInUnit: 10n ** 9n, gasPerByte: 16 };
  await call(feed, "setPrice", [{ eid: REMOTE, price }]);
  await call(feed, "setNativeTokenPriceUSD", 3_000n * 10n ** 20n);
  const libraries = [send.target, receive.target];
  const admins = [owner.address];

  const executor = as(
    owner,
    await proxied(
      "Executor.sol/Executor",
      endpoint.target,
      ethers.ZeroAddress,
      libraries,
      feed.target,
      owner.address,
      admins,
    ),
  );
  const executorFees = await deploy(library("ExecutorFeeLib.sol/ExecutorFeeLib"), owner, LOCAL, 1);
  await call(executor, "setWorkerFeeLib", executorFees);
  const cost = { multiplierBps: 12_000, floorMarginUSD: 0, dstEid: REMOTE };
  const execution = { ...cost, lzReceiveBaseGas: 80_000, lzComposeBaseGas: 40_000, nativeCap: 10n ** 18n };
  await call(executor, "setDstConfig", [execution]);

  const workers: Contract[] = [];
  for (let i = 0; i < dvns; ++i) {
    const keys = KEYS.slice(0, signers).map(({ address }) => address);
    const dvn = await deploy(
      library("uln/dvn/DVN.sol/DVN"),
      owner,
      LOCAL,
      LOCAL,
      libraries,
      feed,
      keys,
      quorum,
      admins,
    );
    const fees = await deploy(library("uln/dvn/DVNFeeLib.sol/DVNFeeLib"), owner, LOCAL, 1);
    await call(dvn, "setWorkerFeeLib", fees);
    await call(dvn, "setDstConfig", [{ ...cost, gas: 100_000 }]);
    workers.push(dvn);
  }
  const byAddress = (a: Contract, b: Contract): number =>
    addressOf(a).toLowerCase() < addressOf(b).toLowerCase() ? -1 : 1;
  workers.sort(byAddress);

  const config = {
    confirmations: CONFIRMATIONS,
    requiredDVNCount: dvns,
    optionalDVNCount: 0,
    optionalDVNThreshold: 0,
    requiredDVNs: workers.map(({ target }) => target),
    optionalDVNs: [],
  };
  for (const one of [send, receive]) await call(one, "setDefaultUlnConfigs", [{ eid: REMOTE, config }]);
  const maxMessageSize = 10_000;
  await call(send, "setDefaultExecutorConfigs", [{ eid: REMOTE, config: { maxMessageSize, executor } }]);
  const treasury = await deploy(library("Treasury.sol/Treasury"), owner);
  await call(send, "setTreasury", treasury);
  for (const one of [send, receive]) await call(endpoint, "registerLibrary", one);
  await call(endpoint, "setDefaultSendLibrary", REMOTE, send);
  await call(endpoint, "setDefaultReceiveLibrary", REMOTE, receive, 0);
  return { endpoint, receive, executor, dvns: workers };
}

export async function measureLayerZero(ground: Ground, recipient: string, verifiers: Verifiers): Promise<Measured> {
  const { user } = ground;
  const { endpoint, receive, executor, dvns } = await deployLayerZero(ground, verifiers);
  const relayed = as(user, receive);
  let nonce = 0n;
  const next = (message: Hex): { origin: object; guid: Hex; message: Hex; header: Hex; hash: Hex } => {
    nonce++;
    const path = [toBeHex(REMOTE, 4), word(user.address), toBeHex(LOCAL, 4), word(recipient)];
    const guid = keccak256(concat([toBeHex(nonce, 8), ...path]));
    const header = concat(["0x01", toBeHex(nonce, 8), ...path]);
    const origin = { srcEid: REMOTE, sender: word(user.address), nonce };
    return { origin, guid, message, header, hash: keccak256(concat([guid, message])) };
  };
  type Packet = ReturnType<typeof next>;
  /** What a DVN is told: to say that these were sent. */
  const orders = (packets: readonly Packet[]): object[] =>
    packets.map(({ header, hash }) => {
      const callData = receive.interface.encodeFunctionData("verify", [header, hash, CONFIRMATIONS]);
      const digest = keccak256(concat([toBeHex(LOCAL, 4), addressOf(receive), toBeHex(EXPIRATION, 32), callData]));
      const signatures = concat(sign(signedMessage(digest), verifiers.quorum));
      return { vid: LOCAL, target: receive.target, callData, expiration: EXPIRATION, signatures };
    });
  const verify = async (packets: readonly Packet[]): Promise<number> => {
    let gas = 0;
    for (const dvn of dvns) gas += await gasOf(call(dvn, "execute", orders(packets)), packets.length);
    return gas;
  };
  const send = async (message: Hex): Promise<ContractTransactionResponse> => {
    const params = { dstEid: REMOTE, receiver: word(recipient), message, options: OPTIONS, payInLzToken: false };
    const [value] = await view<[bigint]>(endpoint, "quote", params, user.address);
    return await call(as(user, endpoint), "send", params, user.address, { value });
  };
  const figures = await figuresOf({
    // The fees of the executor and of the DVNs, and the packet.
    send: (message) => gasOf(send(message), 3),
    deliver: async (message) => {
      const packet = next(message);
      const { origin, guid, header, hash } = packet;
      const verified = await verify([packet]);
      const committed = await gasOf(call(relayed, "commitVerification", header, hash), 1);
      const execution = { receiver: recipient, origin, guid, message, extraData: "0x", gasLimit: 200_000 };
      return verified + committed + (await gasOf(call(executor, "execute302", execution), 1));
    },
    deliverMany: async (list) => {
      const packets = list.map(next);
      const verified = await verify(packets);
      const commits = packets.map(({ header, hash }) => [header, hash]);
      const committed = await gasOf(inOne(ground, receive, "commitVerification", commits), list.length);
      const calls = packets.map(({ origin, guid, message }) => [origin, recipient, guid, message, "0x"]);
      return verified + committed + (await gasOf(inOne(ground, endpoint, "lzReceive", calls), list.length));
    },
  });
  const { dvns: count, signers, quorum } = verifiers;
  const each = `${quorum.toString()}/${signers.toString()}`;
  return {
    name: `LayerZero V2, ${count === 1 ? `one DVN ${each}` : `${count.toString()} DVNs, ${each} each`}`,
    version: "@layerzerolabs/lz-evm-protocol-v2 and lz-evm-messagelib-v2 3.0.168",
    trust: count === 1 ? "a DVN" : "DVNs",
    signatures: `${(count * quorum).toString()} of ${(count * signers).toString()}`,
    transactions: count + 2,
    batch:
      "one transaction for each DVN; commits and receivers' calls one each, from a contract, without the executor's",
    played:
      "prices of the price feed, and gas in the fee settings, are made up; the treasury takes nothing; no endpoint of V1 beside it",
    ...figures,
  };
}
