/** What `token:send` did, as data and as text. */
import { formatUnits } from "ethers";

import type { MessageStatus, Sent } from "../../src/messages/index.ts";
import type { Transfer, TransferPlan } from "../../src/tokens/index.ts";
import { paintStatus } from "./messages.ts";
import type { Paint } from "./paint.ts";

/** What `--json` prints. */
export interface TransferResult {
  readonly from: string;
  readonly to: string;
  readonly account: string;
  readonly recipient: string;
  readonly bridge: string;
  readonly token: string;
  readonly symbol: string;
  /** In whole tokens, and in the smallest unit. */
  readonly tokens: string;
  readonly amount: bigint;
  readonly dryRun: boolean;
  /** Whether the bridge had to be allowed to take them, and by which transaction. */
  readonly approval: { readonly needed: boolean; readonly txHash: string | null };
  /** None of a dry run. `status` is what was seen last: `sent` unless it was waited for. */
  readonly message: (Sent & { readonly status: MessageStatus }) | null;
}

/** `sent` is undefined in a dry run. */
export function transferResult(
  plan: TransferPlan,
  sent: Transfer | undefined,
  statuses: ReadonlyMap<string, MessageStatus> | undefined,
): TransferResult {
  const { from, to, account, recipient, bridge, token, symbol, amount, decimals, needsApproval } = plan;
  return {
    from: from.name,
    to: to.name,
    ...{ account, recipient, bridge, token, symbol },
    tokens: formatUnits(amount, decimals),
    amount,
    dryRun: sent === undefined,
    approval: { needed: needsApproval, txHash: sent?.approvalTxHash ?? null },
    message: sent === undefined ? null : { ...sent.message, status: statuses?.get(sent.message.id) ?? "sent" },
  };
}

export function describeTransfer(result: TransferResult, paint: Paint): string {
  const { message, tokens, symbol, from, to, recipient, account, approval } = result;
  if (message === null) {
    return [
      `Would send ${tokens} ${symbol} from ${from} to ${to}, for ${recipient}. Nothing was sent.`,
      `  account   ${account}`,
      ...(approval.needed ? ["  before    the bridge is allowed to take them"] : []),
    ].join("\n");
  }
  return [
    `${tokens} ${symbol} ${from} → ${to}, for ${recipient}: ${paintStatus(message.status, paint)}`,
    `  message      ${message.id}`,
    `  transaction  ${message.txHash}`,
    `  gas          ${message.gasUsed.toLocaleString("en-US")}`,
  ].join("\n");
}
