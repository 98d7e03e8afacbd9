/** Hyperlane: Mailbox behind a proxy, MerkleTreeHook and ProtocolFee at sending, a static multisig module at delivery. */
import { concat, solidityPackedKeccak256, toBeHex, zeroPadValue, ZeroHash, ethers } from "ethers";

import type { Hex } from "../../src/wire/index.ts";
import { as, at, call, deploy, hyperlane, view } from "../contracts.ts";
import { figuresOf, gasOf, inOne, KEYS, sign, signedMessage, type Ground, type Measured } from "./peer.ts";

const [ORIGIN, LOCAL] = [900_001, 31_337];
/** Sending fills branches of a Merkle tree: as many messages first as open seven of them; the next one opens at 128. */
const SEND_WARM_UPS = 70;

export async function measureHyperlane(ground: Ground, recipient: string, threshold: number): Promise<Measured> {
  const { owner, proxyAdmin, user } = ground;
  const logic = await deploy(await hyperlane("contracts/Mailbox", "Mailbox"), owner, LOCAL);
  const proxyCode = await hyperlane(
    "@openzeppelin/contracts/proxy/transparent/TransparentUpgradeableProxy.sol/TransparentUpgradeableProxy",
    "TransparentUpgradeableProxy",
  );
  const mailbox = at(logic, await deploy(proxyCode, owner, logic, proxyAdmin, "0x"));
  const hook = await deploy(await hyperlane("contracts/hooks/MerkleTreeHook", "MerkleTreeHook"), owner, mailbox);
  const fee = await deploy(
    await hyperlane("contracts/hooks/ProtocolFee", "ProtocolFee"),
    owner,
    10n ** 18n,
    0n,
    owner,
    owner,
  );
  const multisig = "contracts/isms/multisig/StaticMultisigIsm.sol/StaticMessageIdMultisigIsmFactory";
  const factory = await deploy(await hyperlane(multisig, "StaticMessageIdMultisigIsmFactory"), owner);
  const validators = KEYS.map(({ address }) => address);
  await call(factory, "deploy(address[],uint8)", validators, threshold);
  const module = await view<string>(factory, "getAddress(address[],uint8)", validators, threshold);
  await call(mailbox, "initialize", owner, module, hook, fee);

  const word = (address: string): Hex => zeroPadValue(address, 32);
  const relayed = as(user, mailbox);
  const originHook = ethers.id("the origin's hook");
  let nonce = 0;
  /** `process`'s arguments for one more message of the origin. */
  const next = (payload: Hex): [Hex, Hex] => {
    const message = concat([
      "0x03",
      toBeHex(nonce, 4),
      toBeHex(ORIGIN, 4),
      word(user.address),
      toBeHex(LOCAL, 4),
      word(recipient),
      payload,
    ]);
    const root = ethers.id(`root ${nonce.toString()}`);
    const domain = solidityPackedKeccak256(["uint32", "bytes32", "string"], [ORIGIN, originHook, "HYPERLANE"]);
    const digest = solidityPackedKeccak256(
      ["bytes32", "bytes32", "uint32", "bytes32"],
      [domain, root, nonce, ethers.keccak256(message)],
    );
    const metadata = concat([originHook, root, toBeHex(nonce, 4), ...sign(signedMessage(digest), threshold)]);
    nonce++;
    return [metadata, message];
  };
  const figures = await figuresOf(
    {
      send: (payload) => gasOf(call(relayed, "dispatch(uint32,bytes32,bytes)", ORIGIN, word(recipient), payload), 4),
      deliver: (payload) => gasOf(call(relayed, "process", ...next(payload)), 2),
      deliverMany: (list) => gasOf(inOne(ground, mailbox, "process", list.map(next)), 2 * list.length),
    },
    SEND_WARM_UPS,
  );
  if ((await view<string>(mailbox, "latestDispatchedId")) === ZeroHash) throw new Error("Nothing was dispatched.");
  return {
    name: `Hyperlane, message-id multisig ${threshold.toString()}/8`,
    version: "@hyperlane-xyz/core 12.1.0",
    trust: "multisig",
    signatures: `${threshold.toString()} of 8`,
    transactions: 1,
    batch: "none of its own: one call each, from a contract",
    played:
      "the leanest set-up: the Merkle tree's hook and a protocol fee of 0 at sending, no gas paymaster, no routing, aggregation or pausable module around the multisig",
    ...figures,
  };
}
