import { decodeCallError } from "../chain/decodeFailure.ts";
import { ParleyError } from "../errors.ts";
import {
  checkpointTree,
  type Bn254Table,
  type CertificateDomain,
  type Checkpoint,
  type Equivocation,
  type Hex,
} from "../wire/index.ts";
import type { StepProblem } from "./relaying/types.ts";
import { Accountability } from "./watching/accountability.ts";
import { CallReader } from "./watching/callReader.ts";
import { contradictionOf, findConflicts } from "./watching/findConflicts.ts";
import { findFalsehoods } from "./watching/findFalsehoods.ts";
import { FoldLinks } from "./watching/foldLinks.ts";
import { prosecute } from "./watching/prosecute.ts";
import { given } from "./watching/readCalls.ts";
import type { SettledLane } from "./watching/settledWords.ts";
import { signedStatement, type GivenStatement, type SignedStatement } from "./watching/signedStatement.ts";
import { StatementBook } from "./watching/statementBook.ts";
import { StatementChecks, type Attempt } from "./watching/statementChecks.ts";
import type { UnseenCall, WatcherOptions, WatchReport } from "./watching/types.ts";

/**
 * Holds operators to account: reads what they say wherever it is used, compares it with its own nodes and with whatever else
 * they said and with what their sources settle, and has those convicted who contradict themselves or their source (R24).
 * Needs nobody's permission. What it knows it reads from the chains again; what it was handed is kept by `heard`.
 */
export class Watcher {
  readonly #domain: CertificateDomain;
  readonly #options: WatcherOptions;
  readonly #l1: Accountability;
  readonly #readers: readonly CallReader[];
  readonly #checks: StatementChecks;
  readonly #book = new StatementBook();
  readonly #links = new FoldLinks();
  /** Read from chains, and not looked at yet. */
  readonly #waiting: GivenStatement[] = [];
  /** Handed over, and not looked at yet. */
  readonly #handed: GivenStatement[] = [];
  /** Handed over, of operators, and not kept yet. */
  #unkept: readonly GivenStatement[] = [];

  constructor(options: WatcherOptions) {
    const { settlement, members } = options;
    this.#options = options;
    this.#domain = { settlementChainId: settlement.chainId, serviceManager: settlement.serviceManager };
    this.#l1 = new Accountability(settlement);
    this.#readers = members.map((member) => new CallReader(member, settlement));
    this.#checks = new StatementChecks(members);
    this.#waiting.push(...(options.heard?.read() ?? []));
  }

  /** Takes in an operator's answer to a request for these checkpoints, for the next step. Throws as `checkpointTree` does. */
  hear(checkpoints: readonly Checkpoint[], signature: Hex): void {
    const { siblings } = checkpointTree(checkpoints);
    for (const [place, checkpoint] of checkpoints.entries()) {
      this.#handed.push({ checkpoint, siblings: siblings[place] ?? [], signatures: [signature] });
    }
  }

  /** Takes in evidence that somebody else found, for the next step. */
  hearEvidence({ a, b, from, messageHashes }: Equivocation): void {
    this.#handed.push(given(a), given(b));
    this.#links.add(from, messageHashes);
  }

  /**
   * Reads what is new, compares it, convicts operators that contradict themselves or what is settled, and revokes the tables of
   * quorums that contradict themselves.
   * Never rejects because a chain, an operator or a relayer misbehaves; the report says what did.
   */
  async step(): Promise<WatchReport> {
    const problems: StepProblem[] = [];
    const attempt: Attempt = async (subject, action) => {
      try {
        return await action();
      } catch (error) {
        problems.push({ subject, ...problemOf(error) });
        return undefined;
      }
    };
    const unseen = await this.#read(attempt);
    const statements = (await attempt("operator tables", () => this.#takeIn())) ?? 0;
    await attempt("what it was handed", () => this.#keep());
    const contradicted = await this.#checks.run(attempt);
    const conflicts = findConflicts(this.#book, this.#links, (lane) => this.#checks.ownLane(lane));
    const { members } = this.#options;
    const settled = (await attempt("settled words", () => this.#l1.settledLanes())) ?? new Map<string, SettledLane>();
    const untruths = findFalsehoods(this.#book, this.#links, settled, (lane) => this.#checks.ownLane(lane));
    const done = await prosecute(conflicts.map(contradictionOf), untruths, members, this.#l1, attempt);
    return { statements, contradicted, ...done, unseen, problems };
  }

  /** Reads what operators said at members since the last time. */
  async #read(attempt: Attempt): Promise<UnseenCall[]> {
    const unseen = await Promise.all(
      this.#readers.map(async (reader) => {
        const shown = await attempt(reader.node.name, () => reader.read());
        if (shown === undefined) return [];
        for (const { from, messageHashes } of shown.folds) this.#links.add(from, messageHashes);
        this.#waiting.push(...shown.statements);
        return shown.unseen.map((txHash) => ({ member: reader.node.name, txHash }));
      }),
    );
    return unseen.flat();
  }

  /** Keeps what waits of those whom a table ever listed: nobody else can be held to account. Answers how much of it is new. */
  async #takeIn(): Promise<number> {
    if (this.#waiting.length === 0 && this.#handed.length === 0) return 0;
    const [listed, tables] = await Promise.all([this.#l1.listedKeys(), this.#l1.sharedTables()]); // what comes meanwhile is looked at too
    const ofOperators = (statements: readonly GivenStatement[]): SignedStatement[] =>
      statements.flatMap((given) => {
        const statement = wellFormed(given, this.#domain, tables);
        if (statement === undefined) return [];
        const signatures = new Map([...statement.signatures].filter(([key]) => listed.has(key)));
        return signatures.size + statement.shared.size === 0 ? [] : [{ ...statement, signatures }];
      });
    const handed = ofOperators(this.#handed.splice(0));
    this.#unkept = [...this.#unkept, ...handed.map(asGiven)];
    let taken = 0;
    for (const known of [...ofOperators(this.#waiting.splice(0)), ...handed]) {
      if (!this.#book.add(known)) continue;
      taken += 1;
      this.#checks.add(known);
    }
    return taken;
  }

  /** Keeps what it was handed; what could not be written is tried again in the next step. */
  async #keep(): Promise<void> {
    await this.#options.heard?.keep(this.#unkept);
    this.#unkept = [];
  }
}

const asGiven = ({ checkpoint, siblings, signatures, shared }: SignedStatement): GivenStatement => ({
  checkpoint,
  siblings,
  signatures: [...signatures.values()],
  ...(shared.size === 0 ? {} : { certificates: [...shared.values()].map(({ certificate }) => certificate) }),
});

function wellFormed(
  given: GivenStatement,
  domain: CertificateDomain,
  tables: readonly Bn254Table[],
): SignedStatement | undefined {
  try {
    return signedStatement(given, domain, tables);
  } catch (error) {
    if (error instanceof ParleyError) return undefined;
    throw error;
  }
}

function problemOf(error: unknown): { code: string; reason: string } {
  return error instanceof ParleyError
    ? { code: error.code, reason: error.message }
    : { code: "watcher/unreadable", reason: decodeCallError(error).text };
}
