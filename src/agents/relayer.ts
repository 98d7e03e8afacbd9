import { decodeCallError } from "../chain/decodeFailure.ts";
import { BatchTiming } from "./relaying/batchTiming.ts";
import { Carrier } from "./relaying/carrier.ts";
import { MemoryHistory } from "./relaying/memoryHistory.ts";
import { Observer } from "./relaying/observer.ts";
import { publishTables, type TablesSent } from "./relaying/publishTables.ts";
import { pushAtHops } from "./relaying/pushAtHops.ts";
import { tableReader } from "./relaying/tableReader.ts";
import type { PushedItems, RelayerOptions, StepReport } from "./relaying/types.ts";

const MAX_BATCH = 100;
const OPERATOR_TIMEOUT = 10_000;
/** A certificate costs some 31,000 gas with each batch; holding words, 59,000 at first and 8,700 a further lane. */
const ADVANCE_FROM = 3;
/** Bytes of items in a transaction: nodes refuse one of more than 128 KiB. */
const MAX_BATCH_BYTES = 100_000n;
/** Batches of a lane that one step looks ahead. */
const WINDOW = 10;

/** How a relayer's parts are set up, and those of one that shares its work. */
export function relayingParts({ settlement: { signer, ...settlement }, ...options }: RelayerOptions): {
  readonly observing: Omit<ConstructorParameters<typeof Observer>[0], "history" | "isThorough">;
  readonly carrying: ConstructorParameters<typeof Carrier>[0];
} {
  const { members, operators, maxBatch = MAX_BATCH, abis = [], only, batching } = options;
  const timing = batching === undefined ? undefined : new BatchTiming({ ...batching, fullAt: maxBatch });
  return {
    observing: {
      members,
      settlement,
      readTable: tableReader({ ...settlement, runner: signer }),
      window: WINDOW * maxBatch,
      abis,
      only,
    },
    carrying: {
      domain: { settlementChainId: settlement.chainId, serviceManager: settlement.serviceManager },
      operators,
      operatorTimeout: options.operatorTimeout ?? OPERATOR_TIMEOUT,
      limits: { messages: maxBatch, bytes: MAX_BATCH_BYTES },
      advanceFrom: options.advanceFrom ?? ADVANCE_FROM,
      abis,
      isTimely: timing === undefined ? undefined : (batch) => timing.isTimely(batch),
    },
  };
}

/**
 * Carries messages between members: needs nobody's permission, can forge nothing, and keeps nothing. Whatever it knows it
 * reads from the chains again, so any number may run at once, and one that was stopped goes on where things are.
 */
export class Relayer {
  readonly #options: RelayerOptions;
  readonly #observer: Observer;
  readonly #carrier: Carrier;
  /** Ends with the last step that was asked for. */
  #lastStep: Promise<unknown> = Promise.resolve();

  constructor(options: RelayerOptions) {
    const { observing, carrying } = relayingParts(options);
    this.#options = options;
    this.#observer = new Observer({ ...observing, history: new MemoryHistory(options.members), isThorough: true });
    this.#carrier = new Carrier(carrying);
  }

  /**
   * Publishes tables and revocations where they are needed, pushes on what waits at hops, certifies what was sent and not delivered, and delivers it. Never rejects
   * because a chain, an operator or a recipient misbehaves; the report says what did. Steps run one after the other: one
   * that is asked for while another runs begins when that has ended, and so sees all that was sent before it was asked for.
   */
  step(): Promise<StepReport> {
    const step = this.#lastStep.then(() => this.#step());
    this.#lastStep = step.catch(() => undefined);
    return step;
  }

  async #step(): Promise<StepReport> {
    const tables = await tryPublishTables(this.#options);
    const { views, waiting, problems } = await this.#observer.observe();
    const carried = await this.#carrier.carry(views);
    return {
      published: tables.published,
      revoked: tables.revoked,
      pushed: tables.pushed,
      delivered: carried.delivered,
      failed: [...carried.failed, ...waiting],
      uncertified: carried.uncertified,
      problems: [...tables.problems, ...problems, ...carried.problems],
    };
  }
}

/** Publishes tables, and pushes on what waits at hops; where L1 cannot be read, that is a problem. */
export async function tryPublishTables({
  settlement,
  members,
}: Pick<RelayerOptions, "settlement" | "members">): Promise<TablesSent & { readonly pushed: readonly PushedItems[] }> {
  const { pushed, problems } = await pushAtHops(members, settlement);
  try {
    const sent = await publishTables(settlement, members);
    return { ...sent, pushed, problems: [...problems, ...sent.problems] };
  } catch (error) {
    const reason = decodeCallError(error).text;
    const problem = { subject: "operator table", code: "relayer/no-settlement", reason };
    return { published: [], revoked: [], pushed, problems: [...problems, problem] };
  }
}
