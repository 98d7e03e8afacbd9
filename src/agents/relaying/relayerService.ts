/** A relayer that runs until it is told to end, and can be looked at meanwhile. */
import { readBlock } from "../../chain/blocks.ts";
import { Metrics, serve, type Logger, type ServiceLimits } from "../../service/index.ts";
import type { LaneBacklog } from "../../indexing/backlog.ts";
import { run } from "../loop.ts";
import { readTableAges, SharedRelayer, type SharedRelayerOptions, type TableAge } from "../sharedRelayer.ts";
import { RelayerMonitor } from "./relayerMonitor.ts";

export interface RelayerServiceOptions {
  readonly relayer: SharedRelayerOptions;
  /** Where it listens. Port 0 is one that the system gives. */
  readonly at: { readonly host: string; readonly port: number };
  /** Milliseconds between the end of a step and the beginning of the next. */
  readonly intervalMs: number;
  /** Seconds for which a message may wait before the relayer counts as ill. */
  readonly alarmAge: number;
  readonly log: Logger;
  /** Ends it, once the step that has begun is finished. */
  readonly signal: AbortSignal;
  /** If there are any, whoever asks for more than its health names one. */
  readonly tokens?: readonly string[];
  readonly limits?: Partial<ServiceLimits>;
  /** Hears where it listens. */
  readonly onListening?: (url: string) => void;
}

/** Milliseconds between two looks at how things stand. */
const SIGHT_EVERY = 5_000;

/** Runs it. Rejects as `serve` does. */
export async function runRelayer(options: RelayerServiceOptions): Promise<void> {
  const { at, intervalMs, alarmAge, log, signal, tokens = [], limits } = options;
  const { members } = options.relayer;
  const metrics = new Metrics("relayer");
  metrics.addProcess();
  const monitor = new RelayerMonitor({ log, metrics, members, intervalMs, alarmAge });
  const relayer = new SharedRelayer(options.relayer);
  const server = await serve(
    {
      service: "relayer",
      ...(limits === undefined ? {} : { limits }),
      tokens,
      health: () => monitor.health(),
      status: () => monitor.status(),
      metrics,
      onError: (path, err) => log.error({ path, err }, "a request failed"),
    },
    at,
  );
  const sight = new Sight(options.relayer);
  let sawAt: number | undefined;
  const step = async (): Promise<void> => {
    const begun = performance.now();
    monitor.took(await relayer.step(), (performance.now() - begun) / 1_000);
    if (sawAt !== undefined && performance.now() < sawAt + SIGHT_EVERY) return;
    const overview = await relayer.overview();
    monitor.saw({ ...overview, ...(await sight.of(overview.backlog)) });
    sawAt = performance.now();
  };
  try {
    log.info({ url: server.url, name: options.relayer.name, shared: options.relayer.database.isShared }, "relaying");
    options.onListening?.(server.url);
    await run(step, { intervalMs, signal, onError: (error) => monitor.failed(error) });
    await relayer.leave();
  } finally {
    await server.close();
    log.info("ended");
  }
}

/** What of how things stand is on the chains. A chain that does not answer is left out. */
class Sight {
  readonly #members: SharedRelayerOptions["members"];
  /** When messages were sent, by their ids; of those that are oldest on their lanes now. */
  #sentAt: ReadonlyMap<string, bigint> = new Map();

  constructor({ members }: Pick<SharedRelayerOptions, "members">) {
    this.#members = members;
  }

  async of(backlog: readonly LaneBacklog[]): Promise<{ tables: TableAge[]; oldestSentAt: (bigint | undefined)[] }> {
    const [tables, oldestSentAt] = await Promise.all([
      readTableAges(this.#members),
      Promise.all(backlog.map((lane) => this.#whenSent(lane))),
    ]);
    this.#sentAt = new Map(
      backlog.flatMap(({ oldest }, place) => {
        const time = oldestSentAt[place];
        return time === undefined ? [] : [[oldest.id, time] as const];
      }),
    );
    return { tables, oldestSentAt };
  }

  async #whenSent({ source, oldest }: LaneBacklog): Promise<bigint | undefined> {
    const member = this.#members.find(({ id }) => id === source);
    if (member === undefined) return undefined;
    try {
      return this.#sentAt.get(oldest.id) ?? (await readBlock(member.provider, oldest.blockNumber)).timestamp;
    } catch {
      return undefined;
    }
  }
}
