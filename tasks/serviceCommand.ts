/** What all commands have in common that run until they are told to end. */
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { TaskArguments } from "hardhat/types/tasks";

import type { ConnectedFabric } from "../src/deployments/connect.ts";
import type { CommonSettings } from "../src/service/commonSettings.ts";
import type { Logger } from "../src/service/index.ts";
import { readSettings, type SettingValues } from "../src/service/settings.ts";
import { SERVICES, type Service } from "./config/services.ts";
import { connectByFile, requireTypes } from "./fabricConnection.ts";
import { printingToStderr } from "./output/streams.ts";
import { reportingErrors } from "./taskError.ts";

/** What a service works with. */
export interface ServiceContext<Name extends Service> {
  readonly fabric: ConnectedFabric;
  readonly settings: SettingValues<(typeof SERVICES)[Name]>;
  readonly log: Logger;
  /** Aborts when the process is told to end. */
  readonly signal: AbortSignal;
}

/** Reads the settings (flags by their names), opens the fabric, and runs the service until SIGINT or SIGTERM. */
export async function runService<Name extends Service>(
  hre: HardhatRuntimeEnvironment,
  service: Name,
  { addresses, ...flags }: TaskArguments,
  work: (context: ServiceContext<Name>) => Promise<void>,
): Promise<void> {
  await reportingErrors(() =>
    printingToStderr(async () => {
      const sources = { flags, environment: process.env, config: hre.config.parley.services[service] };
      const settings = readSettings(service, SERVICES[service], sources);
      const { logLevel, grace }: CommonSettings = SERVICES[service];
      const common = readSettings(service, { logLevel, grace }, sources);
      const { createLogger, runUntilStopped } = await import("../src/service/index.ts");
      const log = createLogger({ service, level: common.logLevel });
      const fabric = await connectByFile(hre, String(addresses));
      try {
        await requireTypes(hre);
        await runUntilStopped((signal) => work({ fabric, settings, log, signal }), {
          graceMs: common.grace * 1_000,
          log,
        });
      } finally {
        await fabric.close();
      }
    }),
  );
}
