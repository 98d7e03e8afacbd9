import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";

/** Packs the package as `npm publish` would. Answers the tarball, in a folder that has no other. */
export function pack(folder: string): string {
  execFileSync("npm", ["pack", "--loglevel=error", "--pack-destination", folder], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const tarball = readdirSync(folder).find((file) => file.endsWith(".tgz"));
  if (tarball === undefined) throw new Error("`npm pack` made no tarball.");
  return path.join(folder, tarball);
}
