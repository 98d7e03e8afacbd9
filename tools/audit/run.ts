/** Runs commands for the audit: shows on stderr what they say, and keeps it. */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";

export type Ran = { readonly passed: boolean; readonly output: string };

const { resolve } = createRequire(import.meta.url);

/** A file of a package of the repository. */
const fileOf = (name: string, file: string): string => path.join(path.dirname(resolve(`${name}/package.json`)), file);

export async function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const child = spawn(command, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
    shell: process.platform === "win32",
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      output += text;
      process.stderr.write(text);
    });
  }
  const status = await new Promise<number | null>((done, fail) => {
    child.once("error", fail);
    child.once("close", done);
  });
  return { passed: status === 0, output };
}

export const npm = (script: string, ...args: string[]): Promise<Ran> => run("npm", ["run", script, "--", ...args]);

export const node = (file: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ran> =>
  run(process.execPath, [file, ...args], env);

export const tsx = (file: string): Promise<Ran> => run(process.execPath, ["--import", "tsx", file]);

export const hardhat = (args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ran> =>
  node(fileOf("hardhat", "dist/src/cli.js"), args, env);

/** The last line that says something. */
export const lastLine = ({ output }: Ran): string => output.trimEnd().split("\n").at(-1)?.trim() ?? "";

/** The line on which a check says that all is in order. */
export const okLine = (ran: Ran): string =>
  /^ok: (.+)$/m.exec(ran.output)?.[1] ?? (ran.passed ? "passed" : lastLine(ran));
