import { ParleyError } from "../../errors.ts";
import { comparable, heightOf, type AskedMethod } from "./comparable.ts";
import type { RpcNode } from "./rpcNode.ts";

/** How a node did when it was asked: `differs` says that it says something else than those who agreed. */
export type NodeOutcome = "agrees" | "differs" | "fails";

/** Hears how each node did. */
export type NodeListener = (place: number, outcome: NodeOutcome, seconds: number, reason: string | undefined) => void;

/** Nodes of one chain, and how many of them must say the same. */
export interface AgreementOptions {
  /** For people: the member's name. */
  readonly name: string;
  readonly nodes: readonly RpcNode[];
  /** More than half of them, so that no two answers can both be agreed on. */
  readonly agree: number;
  readonly onOutcome?: NodeListener | undefined;
}

/** What a node answered, as it counts. */
type Said = ({ readonly text: string; readonly value: unknown } | { readonly failure: string }) & {
  readonly seconds: number;
};

/** Asks several nodes, and answers what enough of them say alike. */
export class Agreement {
  readonly #name: string;
  readonly #nodes: readonly RpcNode[];
  readonly #agree: number;
  readonly #tell: NodeListener;
  /** Nodes whose last answer was one: only these are waited for longer than needed. */
  readonly #answering: Set<number>;

  /** Throws `nodes/agree` unless more than half of the nodes must agree, and no more than there are. */
  constructor({ name, nodes, agree, onOutcome = () => undefined }: AgreementOptions) {
    if (!Number.isInteger(agree) || agree > nodes.length || 2 * agree <= nodes.length) {
      throw new ParleyError(
        "nodes/agree",
        `of the ${nodes.length} nodes of ${name}, ${agree} are to agree`,
        `Have all of them agree, or at least ${Math.floor(nodes.length / 2) + 1}: fewer could be outvoted by as many that say something else.`,
      );
    }
    this.#name = name;
    this.#nodes = nodes;
    this.#agree = agree;
    this.#tell = onOutcome;
    this.#answering = new Set(nodes.keys());
  }

  /**
   * What enough nodes answer alike. Throws `nodes/disagree` once that cannot be any more.
   * Does not wait for the others, but hears them out.
   */
  async ask(method: AskedMethod, params: readonly unknown[]): Promise<unknown> {
    const said = new Map<number, Said>();
    const votes = new Map<string, number[]>();
    return await new Promise((resolve, reject) => {
      let agreed: string | undefined;
      const hear = (place: number, answer: Said): void => {
        said.set(place, answer);
        if ("failure" in answer) this.#tell(place, "fails", answer.seconds, answer.failure);
        else {
          const voters = [...(votes.get(answer.text) ?? []), place];
          votes.set(answer.text, voters);
          if (agreed === undefined && voters.length >= this.#agree) {
            agreed = answer.text;
            resolve(answer.value);
          }
        }
        if (said.size === this.#nodes.length) {
          if (agreed === undefined) reject(this.#disagreement(method, said));
          this.#tellVotes(said, agreed);
        }
      };
      for (const [place, node] of this.#nodes.entries()) void this.#say(place, node, method, params, hear);
    });
  }

  /** The height that enough nodes have reached of what they call so: the least one that each of so many has. Throws `nodes/disagree`. */
  async height(tag: "latest" | "finalized" | "safe"): Promise<number> {
    const heights: (number | undefined)[] = this.#nodes.map(() => undefined);
    const failures = new Map<number, Said>();
    const asked = this.#nodes.map(async (node, place) => {
      const started = performance.now();
      try {
        const height = heightOf(await node.ask("eth_getBlockByNumber", [tag, false]));
        if (height === undefined) throw new Error(`it knows no block that is ${tag}`);
        heights[place] = height;
        this.#answering.add(place);
      } catch (error) {
        const failure = messageOf(error);
        const seconds = (performance.now() - started) / 1_000;
        failures.set(place, { failure, seconds });
        this.#answering.delete(place);
        this.#tell(place, "fails", seconds, failure);
      }
    });
    await Promise.all(asked.filter((_, place) => this.#answering.has(place)));
    if (heights.filter((height) => height !== undefined).length < this.#agree) await Promise.all(asked);
    const reached = heights.filter((height) => height !== undefined).sort((a, b) => b - a)[this.#agree - 1];
    if (reached === undefined) throw this.#disagreement(`eth_getBlockByNumber ${tag}`, failures);
    return reached;
  }

  async #say(
    place: number,
    node: RpcNode,
    method: AskedMethod,
    params: readonly unknown[],
    hear: (place: number, answer: Said) => void,
  ): Promise<void> {
    const started = performance.now();
    const seconds = (): number => (performance.now() - started) / 1_000;
    try {
      const value = comparable(method, await node.ask(method, params));
      if (value === undefined) throw new Error(`the node at ${node.at} answers ${method} with what is no answer to it`);
      this.#answering.add(place);
      hear(place, { text: JSON.stringify(value), value, seconds: seconds() });
    } catch (error) {
      this.#answering.delete(place);
      hear(place, { failure: messageOf(error), seconds: seconds() });
    }
  }

  #tellVotes(said: ReadonlyMap<number, Said>, agreed: string | undefined): void {
    for (const [place, answer] of said) {
      if ("failure" in answer) continue;
      const isAgreed = answer.text === agreed;
      const reason = isAgreed ? undefined : "it says something else than the others";
      this.#tell(place, isAgreed ? "agrees" : "differs", answer.seconds, reason);
    }
  }

  #disagreement(what: string, said: ReadonlyMap<number, Said>): ParleyError {
    const failures = [...said.values()].flatMap((answer) => ("failure" in answer ? [answer.failure] : []));
    const answers = new Set([...said.values()].flatMap((answer) => ("text" in answer ? [answer.text] : [])));
    const texts = [...(answers.size > 1 ? [`${answers.size} different answers`] : []), ...failures];
    return new ParleyError(
      "nodes/disagree",
      `fewer than ${this.#agree} of the ${this.#nodes.length} nodes of ${this.#name} agree on ${what}: ${texts.join("; ")}`,
      "Ask again; if it stays so, one of the nodes lies, is on another branch, or is gone.",
    );
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
