// Installs the peers' packages (peers/packages) unless they are there: for `npm run bench:peers` and `npm run test:peers`. About 500 MB;
// nothing of it runs at installation, and nothing else here needs it.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { z } from "zod";

const FOLDER = path.join(import.meta.dirname, "packages");
const Manifest = z.object({ dependencies: z.record(z.string()) });
const Installed = z.object({ version: z.string() });

function isInstalled(name: string, version: string): boolean {
  const manifest = path.join(FOLDER, "node_modules", name, "package.json");
  return existsSync(manifest) && Installed.parse(JSON.parse(readFileSync(manifest, "utf8"))).version === version;
}

const { dependencies } = Manifest.parse(JSON.parse(readFileSync(path.join(FOLDER, "package.json"), "utf8")));
if (!Object.entries(dependencies).every(([name, version]) => isInstalled(name, version))) {
  process.stderr.write("installing the peers' packages…\n");
  // Their peer dependencies are what their sources and their own tools need, not what is compiled in them.
  const options = ["--prefix", FOLDER, "--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund"];
  const { status } = spawnSync("npm", ["ci", ...options], {
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
  process.exitCode = status ?? 1;
}
