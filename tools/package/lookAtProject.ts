/** What is to hold in a project that has the package, and shows in no command. */
import { execFileSync } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

import { z } from "zod";

const Artifact = z.object({ bytecode: z.string().startsWith("0x") });

const WITHOUT_HARDHAT = `
  import { registerHooks } from "node:module";
  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      if (/node_modules\\/(hardhat|@nomicfoundation)\\//.test(resolved.url)) throw new Error("loads " + resolved.url);
      return resolved;
    },
  });
  for (const name of ["wire", "agents", "testing"]) await import("hardhat-parley/" + name);
`;

/** Answers what does not hold. */
export async function lookAtProject(folder: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const problems: string[] = [];
  const artifact = await readFile(
    path.join(folder, "artifacts/hardhat-parley/contracts/Gateway.sol/Gateway.json"),
    "utf8",
  );
  const deployed = await readFile(
    path.join(folder, "node_modules/hardhat-parley/dist/types/ethers-contracts/factories/Gateway__factory.js"),
    "utf8",
  );
  if (!deployed.includes(`"${Artifact.parse(JSON.parse(artifact)).bytecode}"`)) {
    problems.push("the Gateway that the project built is not the one that the package's commands deploy");
  }
  try {
    execFileSync("node", ["--input-type=module", "--eval", WITHOUT_HARDHAT], { cwd: folder, env, stdio: "pipe" });
  } catch (error) {
    problems.push(`the library does not work without Hardhat: ${String(error)}`);
  }
  const left = (await readdir(folder)).filter((name) => name.endsWith(".lock") || name === "parley.addresses.json");
  if (left.length > 0) problems.push(`processes that were told to end left ${left.join(", ")}`);
  return problems;
}
