import type { Code, CompileError, Compiler, Contents, Profile, Target } from "./compiler.ts";
import type { Mutant } from "./mutant.ts";
import type { SourceText } from "./sourceText.ts";
import { applySwitches } from "./switches.ts";

/** Code with the mutants that compile; each one's number is its place in the list, from 1. */
export type SwitchedBuild = {
  readonly code: ReadonlyMap<string, Code>;
  readonly mutants: readonly Mutant[];
  readonly refused: readonly Mutant[];
};

type Sources = ReadonlyMap<string, SourceText>;

export function buildSwitched(
  compiler: Compiler,
  sources: Sources,
  targets: readonly Target[],
  mutants: readonly Mutant[],
  profile: Profile,
): SwitchedBuild {
  const kept = compilable(compiler, sources, targets, mutants, profile);
  const { code, errors } = compiler.build(targets, write(sources, kept).contents, profile);
  if (errors.length > 0) throw new Error(`A build of mutants fails:\n${describe(errors)}`);
  return { code, mutants: kept, refused: mutants.filter((mutant) => !kept.includes(mutant)) };
}

/** Leaves out the mutants that are no program: those that the compiler points at, or, where it points elsewhere, by halves. */
function compilable(
  compiler: Compiler,
  sources: Sources,
  targets: readonly Target[],
  mutants: readonly Mutant[],
  profile: Profile,
): readonly Mutant[] {
  if (mutants.length === 0) return [];
  const { contents, placeOf } = write(sources, mutants);
  const errors = compiler.check(targets, contents, profile);
  if (errors.length === 0) return mutants;
  const guilty = new Set(errors.map(placeOf));
  const others = mutants.filter((mutant) => !guilty.has(mutant));
  const again = (some: readonly Mutant[]): readonly Mutant[] => compilable(compiler, sources, targets, some, profile);
  if (others.length < mutants.length) return again(others);
  if (mutants.length === 1) return [];
  const half = mutants.length >> 1;
  return [...again(mutants.slice(0, half)), ...again(mutants.slice(half))];
}

function write(
  sources: Sources,
  mutants: readonly Mutant[],
): { contents: Contents; placeOf: (error: CompileError) => Mutant | undefined } {
  const contents = new Map<string, string>();
  const places = new Map<string, ReturnType<typeof applySwitches>["places"]>();
  for (const [file, source] of sources) {
    const choices = mutants
      .map((mutant, i) => ({ mutant, number: i + 1 }))
      .filter(({ mutant }) => mutant.file === file);
    if (choices.length === 0) continue;
    const written = applySwitches(source, choices);
    contents.set(file, written.content);
    places.set(file, written.places);
  }
  const placeOf = ({ file = "", start = -1 }: CompileError): Mutant | undefined =>
    places.get(file)?.find(({ range }) => range.start <= start && start < range.end)?.mutant;
  return { contents, placeOf };
}

export const describe = (errors: readonly CompileError[]): string =>
  errors.map(({ file, message }) => `${file ?? ""}: ${message}`).join("\n");
