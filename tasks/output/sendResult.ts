/** What `message:send` did, as data and as text. */
import type { MessageStatus, Sent } from "../../src/messages/index.ts";
import { layTable } from "./columns.ts";
import { paintStatus, plural } from "./messages.ts";
import type { Paint } from "./paint.ts";

/** What `--json` prints. */
export interface SendResult {
  readonly from: string;
  readonly to: string;
  /** Who sends. */
  readonly account: string;
  readonly recipient: string;
  readonly dryRun: boolean;
  readonly count: number;
  /** Gas of one message, wei of all, and where the first one comes if nobody else sends before. */
  readonly estimate: {
    readonly gas: bigint;
    readonly maxCost: bigint;
    readonly firstId: string;
    readonly firstNonce: bigint;
  };
  /** None of a dry run. `status` is what was seen last: `sent` unless it was waited for. */
  readonly messages: readonly (Sent & { readonly status: MessageStatus })[];
}

export function describeSend(result: SendResult, paint: Paint): string {
  const { messages, from, to, count, estimate, account, recipient, dryRun } = result;
  if (dryRun) {
    return [
      `Would send ${plural(count, "message")} from ${from} to ${to}, for ${recipient}. Nothing was sent.`,
      `  account   ${account}`,
      `  gas       ${estimate.gas.toLocaleString("en-US")} a message`,
      `  cost      ${estimate.maxCost} wei at most`,
      `  nonce     ${estimate.firstNonce}`,
      `  first id  ${estimate.firstId}`,
    ].join("\n");
  }
  const [titles, ...lines] = layTable(
    [
      { title: "nonce", align: "right" },
      { title: "status" },
      { title: "gas", align: "right" },
      { title: "id" },
      { title: "transaction" },
    ],
    messages.map(({ nonce, status, gasUsed, id, txHash }) => [
      String(nonce),
      status,
      gasUsed.toLocaleString("en-US"),
      id,
      txHash,
    ]),
  );
  const painted = lines.map((line, place) => {
    const status = messages[place]?.status ?? "unknown";
    return line.replace(status, paintStatus(status, paint));
  });
  return [`${from} → ${to}, for ${recipient}`, paint("dim", titles ?? ""), ...painted].join("\n");
}
