/**
 * Runs the tests against mutants. Stages, each for those that the one before left alive:
 *
 *   units     types and tables by themselves, without the Gateway
 *   fabric    what the Gateway is made without, in the contracts that are made of it
 *   gateway   in the Gateway
 *   identical the mutant as it would be deployed has the code of the original: no test can tell them apart
 *
 * Many mutants share a build where that can be (see switches.ts); the others are compiled one by one, and so is, in the end, who
 * outlived the tests in a build of many and has no reason to.
 *
 * A test that fails on a mutant counts only if it passes on the same build of the original: each is run again on that.
 */
import type { AstNode } from "./ast.ts";
import type { Code, Compiler, Profile, Target } from "./compiler.ts";
import type { Mutant } from "./mutant.ts";
import {
  allTests,
  BN254,
  BN254_FACTORY,
  BN254_HARNESS,
  closureOf,
  concernedTests,
  DEEP,
  DEPLOYED,
  FABRIC,
  GATEWAY,
  HARNESSES,
  hasUnits,
  isAround,
  isBn254,
  OPTIMIZED,
  QUICK,
  SERVICE_MANAGER,
  SHIPPED,
  SMALL,
  TABLES,
  unitTests,
} from "./scope.ts";
import type { SourceText } from "./sourceText.ts";
import { buildSwitched, describe } from "./switchedBuild.ts";
import { applyMutant, batches, choose, isSwitchable } from "./switches.ts";
import { TestOrder } from "./testOrder.ts";
import type { TestBench } from "./testBench.ts";

export type Outcome = "killed" | "survived" | "identical" | "refused";
type End = { readonly outcome: Outcome; readonly by?: string };
export type Verdict = { readonly mutant: Mutant } & End;

type Stage = {
  /** What many mutants are compiled into at once, and what those are that have to be compiled one by one. */
  readonly many: readonly Target[];
  readonly each: readonly Target[];
  readonly testsOf: (root: string, file: string) => readonly string[];
};
type Tell = (mutant: Mutant, end: End | undefined) => void;

/** Code to place, by target. */
type Build = readonly { readonly target: Target; readonly code: Code }[];

export class Campaign {
  readonly #root: string;
  readonly #compiler: Compiler;
  readonly #sources: ReadonlyMap<string, SourceText>;
  readonly #benches: readonly TestBench[];
  readonly #report: (verdict: Verdict) => void;
  readonly #isExplained: (mutant: Mutant) => boolean;
  readonly #closures: ReadonlyMap<Target, ReadonlySet<string>>;
  readonly #originals = new Map<string, Build>();
  readonly #order = new TestOrder();

  constructor(options: {
    root: string;
    compiler: Compiler;
    sources: ReadonlyMap<string, SourceText>;
    benches: readonly TestBench[];
    report: (verdict: Verdict) => void;
    /** Whether a reason is known for a mutant's survival: then its code is not compared with the original's. */
    isExplained: (mutant: Mutant) => boolean;
  }) {
    this.#root = options.root;
    this.#compiler = options.compiler;
    this.#sources = options.sources;
    this.#benches = options.benches;
    this.#report = options.report;
    this.#isExplained = options.isExplained;
    const targets = [...new Set([...SMALL, ...BN254, ...SHIPPED])];
    const asts: ReadonlyMap<string, AstNode> = this.#compiler.parse(
      new Map(targets.map(({ file }) => [file, this.#compiler.read(file)])),
    );
    this.#closures = new Map(targets.map((target) => [target, closureOf(target.file, asts)]));
  }

  async run(mutants: readonly Mutant[]): Promise<void> {
    const alive = new Set(mutants);
    const kill = (verdict: Verdict): void => {
      alive.delete(verdict.mutant);
      this.#report(verdict);
    };
    const conclude = (mutant: Mutant, end: End | undefined): void =>
      kill({ mutant, ...(end ?? { outcome: this.#isIdentical(mutant) ? "identical" : "survived" }) });
    const note: Tell = (mutant, end) => {
      if (end !== undefined) kill({ mutant, ...end });
    };
    const left = (which: (file: string) => boolean): Mutant[] => [...alive].filter(({ file }) => which(file));
    await this.#stage(left(hasUnits), { many: HARNESSES, each: SMALL, testsOf: unitTests }, note);
    await this.#stage(left(isBn254), { many: BN254, each: BN254, testsOf: unitTests }, note);
    const around = [...FABRIC, BN254_FACTORY];
    const inFabric: Stage = { many: [SERVICE_MANAGER, BN254_FACTORY], each: around, testsOf: concernedTests };
    await this.#lastStage(
      left(isAround),
      inFabric,
      { ...inFabric, each: [...around, BN254_HARNESS, ...SMALL], testsOf: allTests },
      conclude,
    );
    const inGateway: Stage = { many: [GATEWAY], each: [GATEWAY, ...SMALL], testsOf: concernedTests };
    await this.#lastStage([...alive], inGateway, inGateway, conclude);
  }

  /** What passes a stage in a build of many, which is not quite the mutant's own, is tested once more by itself. */
  async #lastStage(mutants: readonly Mutant[], stage: Stage, alone: Stage, conclude: Tell): Promise<void> {
    const doubtful: Mutant[] = [];
    await this.#stage(mutants, stage, (mutant, end) => {
      if (end === undefined && !this.#isExplained(mutant) && this.#isSwitched(mutant, stage.many))
        doubtful.push(mutant);
      else conclude(mutant, end);
    });
    await this.#testEach(doubtful, alone, conclude);
  }

  /** Tests what can be tested in a stage's targets; `tell` hears how each mutant ended, or that it passed all tests. */
  async #stage(mutants: readonly Mutant[], stage: Stage, tell: Tell): Promise<void> {
    const concerned = mutants.filter((mutant) => this.#affected(stage.each, mutant).length > 0);
    const many = concerned.filter((mutant) => this.#isSwitched(mutant, stage.many));
    for (const batch of batches(many)) await this.#testMany(batch, stage, tell);
    await this.#testEach(
      concerned.filter((mutant) => !many.includes(mutant)),
      stage,
      tell,
    );
  }

  async #testMany(batch: readonly Mutant[], stage: Stage, tell: Tell): Promise<void> {
    const built = buildSwitched(this.#compiler, this.#sources, stage.many, batch, OPTIMIZED);
    for (const mutant of built.refused) tell(mutant, { outcome: "refused" });
    const chosen = (number: number): Build => [
      ...this.#original(SMALL, QUICK),
      ...stage.many.flatMap((target) => {
        const code = built.code.get(target.name);
        return code === undefined ? [] : [{ target, code: choose(code, number) }];
      }),
    ];
    const killers = new Set<string>();
    await this.#each(built.mutants, async (mutant, bench) => {
      bench.place(chosen(built.mutants.indexOf(mutant) + 1));
      tell(mutant, await this.#kill(mutant, bench, stage, killers));
    });
    await this.#requirePassing(killers, chosen(0));
  }

  async #testEach(mutants: readonly Mutant[], stage: Stage, tell: Tell): Promise<void> {
    if (mutants.length === 0) return;
    const killers = new Set<string>();
    const slow = stage.each.filter((target) => DEEP.includes(target));
    const quick = stage.each.filter((target) => !DEEP.includes(target));
    const originals = [...this.#original(quick, QUICK), ...this.#original(slow, OPTIMIZED)];
    await this.#each(mutants, async (mutant, bench) => {
      const builds = [
        this.#mutated(mutant, this.#affected(quick, mutant), QUICK),
        this.#mutated(mutant, this.#affected(slow, mutant), OPTIMIZED),
      ];
      const build = builds.flatMap((some) => some ?? []);
      if (builds.includes(undefined)) {
        tell(mutant, { outcome: "refused" });
      } else if (build.every((one) => originals.some((original) => sameCode([one], [original])))) {
        tell(mutant, undefined);
      } else {
        bench.place([...originals, ...build]);
        tell(mutant, await this.#kill(mutant, bench, stage, killers));
      }
    });
    await this.#requirePassing(killers, originals);
  }

  #isIdentical(mutant: Mutant): boolean {
    if (this.#isExplained(mutant)) return false;
    const targets = this.#affected(SHIPPED, mutant);
    return sameCode(this.#original(targets, DEPLOYED), this.#mutated(mutant, targets, DEPLOYED) ?? []);
  }

  /** Whether a mutant is to be chosen in a build of many: not of ECDSA's tables, which compile in a moment. */
  #isSwitched(mutant: Mutant, targets: readonly Target[]): boolean {
    return (
      isSwitchable(mutant) && this.#affected(targets, mutant).length > 0 && this.#affected(TABLES, mutant).length === 0
    );
  }

  #affected(targets: readonly Target[], { file }: Mutant): Target[] {
    return targets.filter((target) => this.#closures.get(target)?.has(file));
  }

  /** The original's code; compiled once. */
  #original(targets: readonly Target[], profile: Profile): Build {
    return targets
      .map((target) => {
        const key = `${target.name} ${JSON.stringify(profile)}`;
        const known = this.#originals.get(key) ?? this.#build([target], new Map(), profile);
        if (known === undefined) throw new Error(`${target.file} does not compile.`);
        this.#originals.set(key, known);
        return known;
      })
      .flat();
  }

  /** The mutant's code; none if it is no program. */
  #mutated(mutant: Mutant, targets: readonly Target[], profile: Profile): Build | undefined {
    const source = this.#sources.get(mutant.file);
    if (source === undefined) throw new Error(`${mutant.file} was not read.`);
    return this.#build(targets, new Map([[mutant.file, applyMutant(source, mutant)]]), profile);
  }

  #build(targets: readonly Target[], changed: ReadonlyMap<string, string>, profile: Profile): Build | undefined {
    if (targets.length === 0) return [];
    const { code, errors } = this.#compiler.build(targets, changed, profile);
    if (errors.length > 0) {
      if (changed.size === 0) throw new Error(describe(errors));
      return undefined;
    }
    return targets.flatMap((target) => {
      const built = code.get(target.name);
      return built === undefined ? [] : [{ target, code: built }];
    });
  }

  async #each(mutants: readonly Mutant[], act: (mutant: Mutant, bench: TestBench) => Promise<void>): Promise<void> {
    const queue = [...mutants];
    await Promise.all(
      this.#benches.map(async (bench) => {
        for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) await act(mutant, bench);
      }),
    );
  }

  /** Runs the tests on the mutant that the bench holds, up to the first that fails. */
  async #kill(mutant: Mutant, bench: TestBench, { testsOf }: Stage, killers: Set<string>): Promise<End | undefined> {
    const failure = await bench.firstFailure(this.#order.of(mutant, testsOf(this.#root, mutant.file)));
    if (failure === undefined) return undefined;
    this.#order.note(mutant, failure.file);
    killers.add(failure.file);
    return { outcome: "killed", by: `${failure.file}: ${failure.reason}` };
  }

  async #requirePassing(tests: ReadonlySet<string>, original: Build): Promise<void> {
    const [bench] = this.#benches;
    if (bench === undefined || tests.size === 0) return;
    bench.place(original);
    const failure = await bench.firstFailure([...tests]);
    if (failure !== undefined)
      throw new Error(`${failure.file} fails on the original, so it kills nothing: ${failure.reason}`);
  }
}

function sameCode(a: Build, b: Build): boolean {
  const text = (build: Build): string =>
    build.map(({ target, code }) => `${target.name} ${code.bytecode} ${code.deployedBytecode}`).join();
  return text(a) === text(b);
}
