/** A real PostgreSQL server for tests: one for all of a mocha process, started when the first test asks for it. */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import { Client } from "pg";

const run = promisify(execFile);

/** Where Debian puts PostgreSQL's programs. */
const DEBIAN = "/usr/lib/postgresql";

/** Why the tests that need a server are left out; undefined if there is one. */
export const missingPostgres = (): string | undefined =>
  programs() === undefined ? `no PostgreSQL is installed under ${DEBIAN} (Debian's package postgresql)` : undefined;

/** URL of an empty database on the server. */
export async function emptyDatabase(): Promise<string> {
  started ??= start();
  const { url } = await started;
  const name = `test_${++databases}`;
  const client = new Client({ connectionString: `${url}/postgres` });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name}`);
  } finally {
    await client.end();
  }
  return `${url}/${name}`;
}

let started: Promise<{ url: string }> | undefined;
let databases = 0;

/** The folder of the newest installed version's programs. */
function programs(): string | undefined {
  if (!existsSync(DEBIAN)) return undefined;
  const found = readdirSync(DEBIAN)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => path.join(DEBIAN, version, "bin"));
  return found.find((folder) => existsSync(path.join(folder, "initdb")));
}

async function start(): Promise<{ url: string }> {
  const folder = programs();
  if (folder === undefined) throw new Error(missingPostgres());
  const home = mkdtempSync(path.join(os.tmpdir(), "parley-postgres-"));
  const data = path.join(home, "data");
  mkdirSync(data, { mode: 0o700 });
  // PostgreSQL refuses to run as root.
  const user = process.getuid?.() === 0 ? await userOf("postgres") : undefined;
  if (user !== undefined) for (const owned of [home, data]) chownSync(owned, user.uid, user.gid);
  await run(path.join(folder, "initdb"), ["-D", data, "-U", "parley", "-A", "trust", "--no-sync", "-E", "UTF8"], {
    ...user,
    cwd: home,
  });
  const port = await freePort();
  const settings = [
    "fsync=off",
    "full_page_writes=off",
    "deadlock_timeout=20ms",
    `unix_socket_directories=${home}`,
    "listen_addresses=127.0.0.1",
  ];
  const server = spawn(
    path.join(folder, "postgres"),
    ["-D", data, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])],
    { ...user, cwd: home, stdio: "ignore" },
  );
  endWithThisProcess(server, home);
  const url = `postgresql://parley@127.0.0.1:${port}`;
  await answers(server, `${url}/postgres`);
  return { url };
}

async function userOf(name: string): Promise<{ uid: number; gid: number }> {
  const id = async (option: string): Promise<number> => Number((await run("id", [option, name])).stdout);
  return { uid: await id("-u"), gid: await id("-g") };
}

/** Ends the server with the process that started it, as quickly as it can: nothing of it is kept. */
function endWithThisProcess(server: ChildProcess, home: string): void {
  // It holds up nobody: mocha's process ends when its tests have.
  server.unref();
  process.once("exit", () => {
    // SIGQUIT is its immediate shutdown, children included.
    server.kill("SIGQUIT");
    rmSync(home, { recursive: true, force: true });
  });
}

async function answers(server: ChildProcess, connectionString: string): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`postgres ended with ${server.exitCode}`);
    const client = new Client({ connectionString });
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await sleep(50);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
