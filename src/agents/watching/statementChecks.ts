import type { Followed, Follower } from "../../chain/follower.ts";
import { followLanes, type LaneHistory, type Lanes } from "../../chain/lanes.ts";
import type { MemberNode } from "../../chain/memberNode.ts";
import type { Hex } from "../../wire/index.ts";
import type { LaneRef } from "../signingStore.ts";
import { checkStatement, type WatchedSource } from "./checkStatement.ts";
import { voicesOf, type SignedStatement } from "./signedStatement.ts";
import type { FalseStatement } from "./types.ts";

/** Does a piece of work about a subject; undefined if it failed. */
export type Attempt = <T>(subject: string, action: () => Promise<T>) => Promise<T | undefined>;

/** Compares statements with the watcher's own nodes, each until there is an answer. */
export class StatementChecks {
  readonly #nodes: ReadonlyMap<Hex, MemberNode>;
  readonly #lanes: ReadonlyMap<Hex, Follower<Lanes>>;
  readonly #finals = new Map<Hex, Followed<Lanes>>();
  /** By source. */
  #open = new Map<Hex, SignedStatement[]>();

  constructor(nodes: readonly MemberNode[]) {
    this.#nodes = new Map(nodes.map((node) => [node.id, node]));
    this.#lanes = new Map(nodes.map((node) => [node.id, followLanes(node)]));
  }

  /** Takes a statement in, to be compared. One about a source that nobody here follows is left out. */
  add(statement: SignedStatement): void {
    const { source } = statement.checkpoint;
    if (this.#nodes.has(source)) this.#open.set(source, [...(this.#open.get(source) ?? []), statement]);
  }

  /** A lane as the watcher's own node had it, at level final, when it was last read. */
  ownLane({ source, destination }: LaneRef): LaneHistory | undefined {
    return this.#finals.get(source)?.state.get(destination);
  }

  /** Compares what is open; answers what is false. */
  async run(attempt: Attempt): Promise<readonly FalseStatement[]> {
    const open = this.#open;
    this.#open = new Map();
    const found = await Promise.all(
      [...this.#nodes.values()].map(async (node) => {
        const statements = open.get(node.id) ?? [];
        const source = await attempt(node.name, () => this.#readSource(node));
        if (source === undefined) {
          for (const statement of statements) this.add(statement);
          return [];
        }
        const results: (FalseStatement | undefined)[] = [];
        for (const statement of statements) {
          results.push(await attempt(node.name, () => this.#check(statement, source)));
        }
        return results.filter((result) => result !== undefined);
      }),
    );
    return found.flat();
  }

  async #readSource(node: MemberNode): Promise<WatchedSource> {
    const lanes = this.#lanes.get(node.id);
    if (lanes === undefined) throw new Error("every node has its lanes");
    const final = await lanes.final();
    this.#finals.set(node.id, final);
    return { node, lanes, final };
  }

  async #check(statement: SignedStatement, source: WatchedSource): Promise<FalseStatement | undefined> {
    const { checkpoint } = statement;
    try {
      const verdict = await checkStatement(checkpoint, source);
      if (verdict.kind === "unknown") this.add(statement);
      if (verdict.kind !== "false") return undefined;
      const { own, reason } = verdict;
      const destination = this.#nodes.get(checkpoint.destination)?.name ?? checkpoint.destination;
      return { source: source.node.name, destination, checkpoint, own, reason, signers: [...voicesOf(statement)] };
    } catch (error) {
      this.add(statement);
      throw error;
    }
  }
}
