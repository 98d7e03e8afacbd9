/** solc, in this process, on sources of which some are given and the others are files. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

import { z } from "zod";

import type { AstNode } from "./ast.ts";

const OPENZEPPELIN = "@openzeppelin/";

export type Contents = ReadonlyMap<string, string>;
export type Code = { readonly bytecode: string; readonly deployedBytecode: string };
export type CompileError = { readonly message: string; readonly file?: string; readonly start?: number };

/** A contract that tests deploy. */
export type Target = { readonly file: string; readonly name: string };

export type Profile = {
  readonly viaIR: boolean;
  readonly optimizer: { readonly enabled: boolean; readonly runs?: number };
  readonly metadata: { readonly bytecodeHash: "none" };
};

const Bytecode = z.object({ object: z.string() });
const Output = z.object({
  errors: z
    .array(
      z.object({
        severity: z.string(),
        message: z.string(),
        sourceLocation: z.object({ file: z.string(), start: z.number() }).optional(),
      }),
    )
    .default([]),
  sources: z.record(z.object({ ast: z.custom<AstNode>((value) => typeof value === "object").optional() })).default({}),
  contracts: z
    .record(z.record(z.object({ evm: z.object({ bytecode: Bytecode, deployedBytecode: Bytecode }) })))
    .default({}),
});

type Solc = {
  compile(input: string, callbacks: { import: (file: string) => { contents: string } | { error: string } }): string;
};

export class Compiler {
  readonly #solc: Solc;
  readonly #root: string;
  readonly #files = new Map<string, string | undefined>();

  constructor(root: string) {
    this.#root = root;
    this.#solc = createRequire(import.meta.url)("solc") as Solc;
  }

  /** A source as it is. */
  read(file: string): string {
    const content = this.#find(file);
    if (content === undefined) throw new Error(`There is no source ${file}.`);
    return content;
  }

  /** The syntax trees of sources and all that they import. */
  parse(contents: Contents): Map<string, AstNode> {
    const { errors, sources } = this.#run(contents, { outputSelection: { "*": { "": ["ast"] } } });
    if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join("\n"));
    return new Map(Object.entries(sources).flatMap(([file, { ast }]) => (ast === undefined ? [] : [[file, ast]])));
  }

  /** The errors of targets, with `changed` in place of files, without compiling them. */
  check(targets: readonly Target[], changed: Contents, profile: Profile): CompileError[] {
    return this.#run(this.#entries(targets, changed), { ...profile, outputSelection: {} }).errors;
  }

  /** Compiles targets, with `changed` in place of files; the errors, or the code by the targets' names. */
  build(
    targets: readonly Target[],
    changed: Contents,
    profile: Profile,
  ): { errors: CompileError[]; code: Map<string, Code> } {
    const outputSelection: Record<string, Record<string, string[]>> = {};
    for (const { file, name } of targets) {
      outputSelection[file] = {
        ...outputSelection[file],
        [name]: ["evm.bytecode.object", "evm.deployedBytecode.object"],
      };
    }
    const { errors, contracts } = this.#run(this.#entries(targets, changed), { ...profile, outputSelection });
    const code = new Map<string, Code>();
    if (errors.length > 0) return { errors, code };
    for (const { file, name } of targets) {
      const evm = contracts[file]?.[name]?.evm;
      if (evm === undefined) throw new Error(`The compiler gave no code for ${file}:${name}.`);
      code.set(name, {
        bytecode: `0x${evm.bytecode.object}`,
        deployedBytecode: `0x${evm.deployedBytecode.object}`,
      });
    }
    return { errors, code };
  }

  #entries(targets: readonly Target[], changed: Contents): Contents {
    const others = targets.filter(({ file }) => !changed.has(file));
    return new Map([...others.map(({ file }): [string, string] => [file, this.read(file)]), ...changed]);
  }

  #run(entries: Contents, settings: object): Omit<z.infer<typeof Output>, "errors"> & { errors: CompileError[] } {
    const sources = Object.fromEntries([...entries].map(([file, content]) => [file, { content }]));
    const input = { language: "Solidity", sources, settings: { evmVersion: "prague", ...settings } };
    const output = this.#solc.compile(JSON.stringify(input), {
      import: (file) => {
        const contents = this.#find(file);
        return contents === undefined ? { error: "not found" } : { contents };
      },
    });
    const parsed = Output.parse(JSON.parse(output));
    const errors = parsed.errors
      .filter(({ severity }) => severity === "error")
      .map(({ message, sourceLocation }) => ({ message, ...sourceLocation }));
    return { ...parsed, errors };
  }

  #find(file: string): string | undefined {
    if (!this.#files.has(file)) {
      const place = path.join(this.#root, file.startsWith(OPENZEPPELIN) ? "node_modules" : "", file);
      this.#files.set(file, existsSync(place) ? readFileSync(place, "utf8") : undefined);
    }
    return this.#files.get(file);
  }
}
