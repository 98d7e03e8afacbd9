// What an integrator does, with the packed package, in an empty folder outside of this repository: all that docs/GUIDE.md says,
// block by block, and then what docs/OPERATIONS.md says of a devnet. `--tarball FILE` takes a package that was packed already; `--keep` leaves the folder for a look.
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import { followGuide } from "./guide/followGuide.ts";
import { parseGuide } from "./guide/parseGuide.ts";
import { sectionOf } from "./guide/sectionOf.ts";
import { lookAtProject } from "./package/lookAtProject.ts";
import { pack } from "./package/pack.ts";
import { report } from "./report.ts";

/** What is read, and of what only a section. */
const DOCUMENTS: readonly { readonly document: string; readonly section?: string }[] = [
  { document: "docs/GUIDE.md" },
  { document: "docs/OPERATIONS.md", section: "## On a devnet" },
];

/** The first port that a devnet listens at in them; the next ones are its other chains'. */
const DEVNET_PORT = 8_545;
/** The first port of the processes; how far it is from the devnet's first one here. */
const PROCESS_PORT = { port: 9_701, offset: 10 };

const { values } = parseArgs({ options: { tarball: { type: "string" }, keep: { type: "boolean", default: false } } });

/** That of a shell in which nothing of this repository was ever run. */
function readersEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|INIT_CWD$|NODE_(ENV|OPTIONS|PATH)$)/.test(name) || /^npm_config_(registry|cache)$/.test(name),
  );
  const searched = (process.env["PATH"] ?? "").split(path.delimiter).filter((one) => !one.includes("node_modules"));
  return {
    ...Object.fromEntries(kept),
    // The reader's Node is this one: Hardhat needs 22.13 or newer.
    PATH: [path.dirname(process.execPath), ...searched].join(path.delimiter),
    NO_COLOR: "1",
    npm_config_prefer_offline: "true",
    npm_config_audit: "false",
    npm_config_fund: "false",
  };
}

/** The first of so many ports in a row at which nobody listens. */
async function freePorts(count: number): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const ports = Array.from({ length: count }, (_, index) => first + index);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return first;
  }
  throw new Error("There are no free ports.");
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
      .once("error", () => resolve(false))
      .listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1)); // and with it what it started
const start = performance.now();
const seconds = (): string => ((performance.now() - start) / 1_000).toFixed(0).padStart(3);
const workspace = await mkdtemp(path.join(os.tmpdir(), "parley-consumer-"));
const folder = path.join(workspace, "counter");
const env = readersEnvironment();
try {
  await mkdir(folder);
  const tarball = values.tarball === undefined ? pack(workspace) : path.resolve(values.tarball);
  const firstPort = await freePorts(16);
  for (const { document, section } of DOCUMENTS) {
    const markdown = await readFile(document, "utf8");
    await followGuide(parseGuide(section === undefined ? markdown : sectionOf(markdown, section)), {
      document,
      folder,
      // The package is not on the registry yet, and the ports may be in use here. Nothing else is done in another way.
      adapt: (text) =>
        text
          .replace(/^(npm install .*)\bhardhat-parley\b/gm, `$1"${tarball}"`)
          .replaceAll(/\b854[5-9]\b/g, (port) => String(firstPort + Number(port) - DEVNET_PORT))
          .replaceAll(/\b970[1-3]\b/g, (port) =>
            String(firstPort + Number(port) - PROCESS_PORT.port + PROCESS_PORT.offset),
          ),
      env,
      onStep: (step) => console.error(`${seconds()} s: ${step}`),
    });
  }
  report(
    await lookAtProject(folder, env),
    `the guide, and the processes of docs/OPERATIONS.md, work as they are written, in ${seconds().trim()} s`,
    "See tools/package/lookAtProject.ts.",
  );
} finally {
  if (values.keep) console.error(`The project is in ${folder}`);
  else await rm(workspace, { recursive: true, force: true });
}
