/** The settings that every service has. */
import { LOG_LEVELS } from "./logLevels.ts";
import { list, oneOf, text, wholeNumber } from "./settingKinds.ts";
import { optionalSetting, setting, type Setting } from "./settings.ts";

/** Their defaults, where services differ. */
export interface CommonDefaults {
  readonly port: number;
  /** Seconds. */
  readonly grace: number;
}

export interface CommonSettings {
  readonly host: Setting<string>;
  readonly port: Setting<number>;
  readonly tokens: Setting<readonly string[] | undefined>;
  readonly rateLimit: Setting<number>;
  /** Seconds. */
  readonly grace: Setting<number>;
  readonly logLevel: Setting<(typeof LOG_LEVELS)[number]>;
}

/** Where a service listens, whom it answers, how much it tells, and how it ends. */
export const commonSettings = ({ port, grace }: CommonDefaults): CommonSettings => ({
  host: setting(text, "127.0.0.1", "Address to listen on"),
  port: setting(wholeNumber(0, 65_535), port, "Port to listen on; 0: one that the system gives"),
  tokens: optionalSetting(
    list,
    "Tokens by which those who ask for more than its health are known; everybody if left out",
  ),
  rateLimit: setting(wholeNumber(0, 1_000_000), 1_200, "Requests a minute of one address; 0: as many as come"),
  grace: setting(wholeNumber(0, 3_600), grace, "Seconds to finish what is under way once the process is asked to end"),
  logLevel: setting(oneOf(...LOG_LEVELS), "info", `Least important lines of the log: one of ${LOG_LEVELS.join(", ")}`),
});
