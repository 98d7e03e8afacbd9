/** Moving fungible tokens between rollups by OpenZeppelin's bridges, whoever deployed them. */
import { Contract, Interface, isAddress, type Signer } from "ethers";

import { contractAt } from "../chain/contractAt.ts";
import { TokenVault__factory } from "../../types/ethers-contracts/factories/examples/tokens/TokenVault__factory.ts";
import { decodeCallError } from "../chain/decodeFailure.ts";
import type { ConnectedMember } from "../deployments/connect.ts";
import { requireReachable } from "../deployments/reach.ts";
import { ParleyError } from "../errors.ts";
import { placeOfSent, type Sent } from "../messages/sendMessages.ts";
import { encodeInteroperableAddress, type Hex } from "../wire/index.ts";
import { readLink } from "./links.ts";
import { readToken } from "./readToken.ts";
import { amountOf } from "./tokenOrder.ts";

/** What is to be moved. */
export interface TransferOrder {
  readonly from: ConnectedMember;
  readonly to: ConnectedMember;
  /** The bridge where the tokens are: as `token:deploy` prints it. */
  readonly bridge: string | undefined;
  /** In whole tokens. */
  readonly amount: string | undefined;
  /** Who gets them; the sending account by default. */
  readonly recipient?: string | undefined;
  readonly account?: string | undefined;
}

/** What moving comes to, found out without sending. */
export interface TransferPlan {
  readonly from: ConnectedMember;
  readonly to: ConnectedMember;
  readonly signer: Signer;
  readonly account: string;
  readonly recipient: string;
  readonly bridge: string;
  readonly token: string;
  readonly symbol: string;
  readonly decimals: number;
  /** In the token's smallest unit. */
  readonly amount: bigint;
  /** Whether the bridge has to be allowed to take them first. */
  readonly needsApproval: boolean;
}

/** What was sent. */
export interface Transfer {
  readonly approvalTxHash: Hex | null;
  readonly message: Sent;
}

const ERC20 = [
  "function balanceOf(address) view returns (uint256)",
  "function allowance(address, address) view returns (uint256)",
  "function approve(address, uint256) returns (bool)",
];
const ERRORS = new Interface([
  "error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)",
  "error ERC20InvalidReceiver(address receiver)",
]);
/** ERC-165 id of ERC-7802, whose bridges burn without an allowance. */
const ERC7802 = "0x33331994";

/**
 * Checks a transfer against the chains. Throws `token/bad-bridge`, `token/no-bridge`, `token/not-linked`, `token/bad-amount`,
 * `token/bad-recipient`, `token/no-funds`, `token/refused`, `chain/…`, and as the member's `signer` does.
 */
export async function planTransfer({ from, to, account, ...order }: TransferOrder): Promise<TransferPlan> {
  const bridge = bridgeOf(order.bridge);
  await requireReachable(from);
  await requireLink(from, to, bridge);
  const token = await tokenOf(from, bridge);
  const { symbol, decimals } = await readToken(from, token);
  const amount = amountOf(order.amount, decimals, "--amount", "token/bad-amount");
  const signer = await from.signer(account);
  const sender = await signer.getAddress();
  const recipient = recipientOf(order.recipient ?? sender);
  const erc20 = new Contract(token, ERC20, from.provider);
  const balance = (await erc20.getFunction("balanceOf").staticCall(sender)) as bigint;
  if (balance < amount) {
    throw new ParleyError(
      "token/no-funds",
      `${sender} has ${balance} of the smallest unit of ${symbol} on ${from.name}, which is less than ${amount}.`,
      "Send it some, send less, or name another account with --account.",
    );
  }
  const needsApproval =
    token !== bridge &&
    !(await isErc7802(from, bridge, token)) &&
    ((await erc20.getFunction("allowance").staticCall(sender, bridge)) as bigint) < amount;
  const plan = { from, to, signer, account: sender, recipient, bridge, token, symbol, decimals, amount, needsApproval };
  // Without its allowance the bridge would refuse for that alone.
  if (!needsApproval) await requireTaken(plan);
  return plan;
}

/** Sends what was planned, and waits until it is in a block. Throws `token/not-sent`. */
export async function sendTransfer(
  plan: TransferPlan,
  onStep: (step: "approve" | "send") => void = () => undefined,
): Promise<Transfer> {
  const { bridge, token, amount, signer, symbol, from, to } = plan;
  let approvalTxHash: Hex | null = null;
  try {
    if (plan.needsApproval) {
      onStep("approve");
      const erc20 = new Contract(token, ERC20, signer);
      const approval = await (await erc20.getFunction("approve").send(bridge, amount)).wait();
      approvalTxHash = approval?.hash ?? null;
    }
    onStep("send");
    const vault = contractAt(TokenVault__factory, bridge, signer);
    const receipt = await (await vault.crosschainTransfer(targetOf(plan), amount)).wait();
    if (receipt === null) throw new Error("the node has no receipt of the transfer");
    return { approvalTxHash, message: await placeOfSent({ from, to }, receipt) };
  } catch (cause) {
    throw new ParleyError(
      "token/not-sent",
      `The transfer of ${symbol} from ${from.name} is not known to be sent: ${decodeCallError(cause, [ERRORS.fragments]).text}`,
      `See what is on its way with \`npx hardhat message:list --from ${from.name}\` before sending again.`,
      { cause },
    );
  }
}

const targetOf = ({ to, recipient }: Pick<TransferPlan, "to" | "recipient">): Hex =>
  encodeInteroperableAddress({ chainId: to.chainId, address: recipient });

function bridgeOf(bridge: string | undefined): string {
  const isValid: boolean = isAddress(bridge);
  if (bridge !== undefined && isValid) return bridge;
  throw new ParleyError(
    "token/bad-bridge",
    bridge === undefined ? "--bridge is missing." : `--bridge is "${bridge}".`,
    "Give the address of the token's bridge on the rollup that sends, as token:deploy prints it.",
  );
}

function recipientOf(recipient: string): string {
  const isValid: boolean = isAddress(recipient);
  if (isValid && BigInt(recipient) !== 0n) return recipient;
  throw new ParleyError(
    "token/bad-recipient",
    `--recipient is "${recipient}".`,
    "Give the address of an account on the destination: what is sent to no account can never arrive, nor come back.",
  );
}

/** Throws `token/no-bridge` and `token/not-linked`. */
async function requireLink(from: ConnectedMember, to: ConnectedMember, bridge: string): Promise<void> {
  const link = await readLink({ address: bridge, provider: from.provider }, to.chainId).catch((cause: unknown) => {
    throw new ParleyError(
      "token/no-bridge",
      `No bridge on OpenZeppelin's CrosschainLinked is at ${bridge} on ${from.name}.`,
      "Give the bridge's address on the rollup that sends, as token:deploy prints it.",
      { cause },
    );
  });
  if (link?.gateway.toLowerCase() === from.gateway.toLowerCase()) return;
  const [problem, hint] =
    link === undefined
      ? [
          `${bridge} on ${from.name} is not linked with ${to.name}.`,
          "Link it with `npx hardhat token:deploy`, its --on naming both rollups.",
        ]
      : [
          `${bridge} on ${from.name} reaches ${to.name} by another gateway, ${link.gateway}.`,
          `Send by that gateway's own means, or name a bridge that is linked by the one of this fabric, ${from.gateway}.`,
        ];
  throw new ParleyError("token/not-linked", problem, hint);
}

/** The token that a bridge moves; the bridge itself if it is one. */
async function tokenOf({ provider }: ConnectedMember, bridge: string): Promise<string> {
  return await contractAt(TokenVault__factory, bridge, provider)
    .token()
    .catch(() => bridge);
}

/** Whether the bridge is one that burns: the token says that it is of ERC-7802, and lets the bridge. */
async function isErc7802({ provider }: ConnectedMember, bridge: string, token: string): Promise<boolean> {
  const abi = ["function supportsInterface(bytes4) view returns (bool)", "function crosschainBurn(address, uint256)"];
  const contract = new Contract(token, abi, provider);
  try {
    if (!((await contract.getFunction("supportsInterface").staticCall(ERC7802)) as boolean)) return false;
    await contract.getFunction("crosschainBurn").staticCall(bridge, 0n, { from: bridge });
    return true;
  } catch {
    return false;
  }
}

async function requireTaken(plan: Omit<TransferPlan, "decimals">): Promise<void> {
  const { bridge, signer, amount, from } = plan;
  await contractAt(TokenVault__factory, bridge, signer)
    .crosschainTransfer.staticCall(targetOf(plan), amount)
    .catch((cause: unknown) => {
      throw new ParleyError(
        "token/refused",
        `The bridge on ${from.name} would refuse the transfer: ${decodeCallError(cause, [ERRORS.fragments]).text}`,
        "Correct what the error names; nothing was sent.",
        { cause },
      );
    });
}
