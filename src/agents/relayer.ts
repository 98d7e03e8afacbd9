import { decodeCallError } from "../chain/decodeFailure.ts";
import { readTable } from "../chain/readTable.ts";
import { checkpointLeaf, type Hex, type OperatorTable, type SettlementRef } from "../wire/index.ts";
import { advance } from "./relaying/advance.ts";
import { collectCertificates, type Collected } from "./relaying/collectCertificates.ts";
import { deliverBatch, type Delivery } from "./relaying/deliverBatch.ts";
import { Observer } from "./relaying/observer.ts";
import { planBatches, type Batch, type BatchLimits } from "./relaying/planBatches.ts";
import { planCheckpoints } from "./relaying/planCheckpoints.ts";
import { publishTables, type TablesSent } from "./relaying/publishTables.ts";
import { replanLost } from "./relaying/replanLost.ts";
import type { RelayerOptions, StepProblem, StepReport, UncertifiedCheckpoint } from "./relaying/types.ts";

const MAX_BATCH = 100;
const OPERATOR_TIMEOUT = 10_000;
/** A certificate costs some 31,000 gas with each batch; holding words, 59,000 at first and 8,700 a further lane. */
const ADVANCE_FROM = 3;
/** Bytes of items in a transaction: nodes refuse one of more than 128 KiB. */
const MAX_BATCH_BYTES = 100_000n;
/** Batches of a lane that one step looks ahead. */
const WINDOW = 4;

/** What became of batches. */
type Carried = {
  readonly deliveries: readonly Delivery[];
  readonly uncertified: readonly UncertifiedCheckpoint[];
  readonly problems: readonly StepProblem[];
};

/**
 * Carries messages between members: needs nobody's permission, can forge nothing, and keeps nothing. Whatever it knows it
 * reads from the chains again, so any number may run at once, and one that was stopped goes on where things are.
 */
export class Relayer {
  readonly #options: RelayerOptions;
  readonly #limits: BatchLimits;
  readonly #observer: Observer;
  readonly #tables = new Map<Hex, OperatorTable>();
  /** Ends with the last step that was asked for. */
  #lastStep: Promise<unknown> = Promise.resolve();

  constructor(options: RelayerOptions) {
    this.#options = options;
    this.#limits = { messages: options.maxBatch ?? MAX_BATCH, bytes: MAX_BATCH_BYTES };
    this.#observer = new Observer({
      members: options.members,
      settlement: this.#settlement,
      readTable: (id) => this.#readTable(id),
      window: WINDOW * this.#limits.messages,
      abis: options.abis ?? [],
      only: options.only,
    });
  }

  /**
   * Publishes tables and revocations where they are needed, certifies what was sent and not delivered, and delivers it. Never rejects
   * because a chain, an operator or a recipient misbehaves; the report says what did. Steps run one after the other: one
   * that is asked for while another runs begins when that has ended, and so sees all that was sent before it was asked for.
   */
  step(): Promise<StepReport> {
    const step = this.#lastStep.then(() => this.#step());
    this.#lastStep = step.catch(() => undefined);
    return step;
  }

  async #step(): Promise<StepReport> {
    const tables = await this.#publishTables();
    const { views, waiting, problems } = await this.#observer.observe();
    const batches = views.flatMap((view) => planBatches(view, this.#limits));
    const first = await this.#carry(batches, this.#options.advanceFrom ?? ADVANCE_FROM);
    const again = replanLost(
      first.deliveries.flatMap(({ lost }) => lost),
      this.#limits,
    );
    const second = await this.#carry(again.batches, Infinity);
    const deliveries = [...first.deliveries, ...second.deliveries];
    return {
      published: tables.published,
      revoked: tables.revoked,
      delivered: deliveries.flatMap(({ delivered }) => delivered),
      failed: [...deliveries.flatMap(({ failed }) => failed), ...waiting],
      uncertified: [...first.uncertified, ...second.uncertified],
      problems: [
        ...tables.problems,
        ...problems,
        ...first.problems,
        ...again.problems,
        ...deliveries.flatMap((delivery) => delivery.problems),
      ],
    };
  }

  /** Certifies what batches need, and delivers those that are proven. */
  async #carry(batches: readonly Batch[], advanceFrom: number): Promise<Carried> {
    const { certified, uncertified } = await this.#certify(batches);
    const ready = batches.filter(
      ({ proof }) => proof.kind === "held" || certified.has(checkpointLeaf(proof.checkpoint)),
    );
    const advanced = await advance(ready, certified, advanceFrom);
    return {
      deliveries: await this.#deliver(advanced.batches, certified),
      uncertified,
      problems: advanced.problems,
    };
  }

  get #settlement(): SettlementRef {
    const { chainId, settlement } = this.#options.settlement;
    return { chainId, settlement };
  }

  async #publishTables(): Promise<TablesSent> {
    try {
      return await publishTables(this.#options.settlement, this.#options.members);
    } catch (error) {
      const reason = decodeCallError(error).text;
      return {
        published: [],
        revoked: [],
        problems: [{ subject: "operator table", code: "relayer/no-settlement", reason }],
      };
    }
  }

  async #certify(batches: readonly Batch[]): Promise<Collected> {
    const { settlement, operators, operatorTimeout } = this.#options;
    return await collectCertificates(
      planCheckpoints(batches),
      operators,
      { settlementChainId: settlement.chainId, serviceManager: settlement.serviceManager },
      operatorTimeout ?? OPERATOR_TIMEOUT,
    );
  }

  /** Delivers on all destinations at once, on each one transaction after the other. */
  async #deliver(batches: readonly Batch[], certified: Collected["certified"]): Promise<Delivery[]> {
    const deliveries = await Promise.all(
      this.#options.members.map(async ({ id }) => {
        const done: Delivery[] = [];
        for (const batch of batches) {
          if (batch.view.destination.id === id)
            done.push(await deliverBatch(batch, certified, this.#options.abis ?? []));
        }
        return done;
      }),
    );
    return deliveries.flat();
  }

  /** A table as L1 keeps it; read once. */
  async #readTable(id: Hex): Promise<OperatorTable> {
    const known = this.#tables.get(id);
    if (known !== undefined) return known;
    const { serviceManager, signer } = this.#options.settlement;
    const table = await readTable({ ...this.#settlement, serviceManager, runner: signer }, id);
    this.#tables.set(id, table);
    return table;
  }
}
