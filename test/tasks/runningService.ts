/** Commands that run until they are told to end, in this process. */
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import type { HardhatUserConfig } from "hardhat/types/config";

import { runTask, type Run } from "./served.ts";

export interface RunningService {
  readonly url: string;
  /** Ends it as the system does, by SIGTERM; answers what the command came to. */
  readonly end: () => Promise<Run>;
}

/** What is set in the environment while a command is started. */
export type Environment = Readonly<Record<string, string>>;

/** A port at which nobody listens: what is told to a command that must not choose one itself. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts a command that serves at this port, and waits until it answers. Throws what the command says if it ends before. */
export async function startService(
  task: string,
  { port, args, user = {}, environment = {} }: StartOptions,
): Promise<RunningService> {
  const url = `http://127.0.0.1:${port}`;
  return await withEnvironment(environment, async () => {
    const state = { hasEnded: false };
    const running = runTask(task, { logLevel: "fatal", ...args }, user);
    const note = (): void => void (state.hasEnded = true);
    running.then(note, note);
    while (!(await answers(url))) {
      if (state.hasEnded) throw new Error((await running).error);
      await sleep(10);
    }
    return {
      url,
      end: async () => {
        if (!state.hasEnded) process.emit("SIGTERM", "SIGTERM");
        return await running;
      },
    };
  });
}

export interface StartOptions {
  readonly port: number;
  readonly args: Readonly<Record<string, unknown>>;
  readonly user?: HardhatUserConfig;
  readonly environment?: Environment;
}

/** Does work while variables are set in the environment. */
export async function withEnvironment<Result>(environment: Environment, work: () => Promise<Result>): Promise<Result> {
  Object.assign(process.env, environment);
  try {
    return await work();
  } finally {
    for (const name of Object.keys(environment)) Reflect.deleteProperty(process.env, name);
  }
}

async function answers(url: string): Promise<boolean> {
  return await fetch(`${url}/health`).then(
    () => true,
    () => false,
  );
}
