import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

/** A number that a service counts or shows, with the names of its labels. */
export interface MetricOptions<Label extends string> {
  /** Without the service's prefix, with the unit in it: `certify_seconds`, `checkpoints_total`. */
  readonly name: string;
  /** For people: one line. */
  readonly help: string;
  readonly labels?: readonly Label[];
}

/** A service's metrics, in a registry of their own: several services of one process do not meet. */
export class Metrics {
  /** Of the Prometheus client: what `/metrics` shows. */
  readonly registry = new Registry();
  readonly #prefix: string;
  readonly #updates: (() => void)[] = [];

  /**
   * @param service Part of each name: `parley_operator_…`.
   * @param labels Every metric has them.
   */
  constructor(service: string, labels: Readonly<Record<string, string>> = {}) {
    this.#prefix = `parley_${service}_`;
    this.registry.setDefaultLabels({ ...labels });
  }

  /** Adds what tells of the process itself: memory, processor, event loop. Once in a process is enough. */
  addProcess(): void {
    collectDefaultMetrics({ register: this.registry, prefix: this.#prefix });
  }

  counter<Label extends string = never>(options: MetricOptions<Label>): Counter<Label> {
    return new Counter(this.#configuration(options));
  }

  gauge<Label extends string = never>(options: MetricOptions<Label>): Gauge<Label> {
    return new Gauge(this.#configuration(options));
  }

  /** @param buckets Upper bounds, rising. */
  histogram<Label extends string = never>(
    options: MetricOptions<Label> & { readonly buckets: readonly number[] },
  ): Histogram<Label> {
    return new Histogram({ ...this.#configuration(options), buckets: [...options.buckets] });
  }

  /** Has `update` set what changes unseen, each time the metrics are read. */
  beforeReading(update: () => void): void {
    this.#updates.push(update);
  }

  /** All of it, in the text that Prometheus reads. */
  async text(): Promise<string> {
    for (const update of this.#updates) update();
    return await this.registry.metrics();
  }

  #configuration<Label extends string>({
    name,
    help,
    labels = [],
  }: MetricOptions<Label>): {
    name: string;
    help: string;
    labelNames: Label[];
    registers: Registry[];
  } {
    return { name: `${this.#prefix}${name}`, help, labelNames: [...labels], registers: [this.registry] };
  }
}
