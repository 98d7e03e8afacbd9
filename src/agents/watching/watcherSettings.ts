/** What a watcher's process is told. */
import { LOG_LEVELS } from "../../service/logLevels.ts";
import { list, oneOf, text, wholeNumber } from "../../service/settingKinds.ts";
import { optionalSetting, setting, type SettingValues } from "../../service/settings.ts";

export const WATCHER_SETTINGS = {
  host: setting(text, "127.0.0.1", "Address to listen on"),
  port: setting(wholeNumber(0, 65_535), 9_703, "Port to listen on; 0: one that the system gives"),
  interval: setting(wholeNumber(1, 86_400), 12, "Seconds between the end of a step and the beginning of the next"),
  heard: setting(text, "parley.heard.jsonl", "File that keeps what it is handed, relative to the project"),
  account: optionalSetting(text, "Address of the account that convicts and revokes; the first one if left out"),
  tokens: optionalSetting(
    list,
    "Tokens by which those who ask for more than its health are known; everybody if left out",
  ),
  rateLimit: setting(wholeNumber(0, 1_000_000), 1_200, "Requests a minute of one address; 0: as many as come"),
  grace: setting(wholeNumber(0, 3_600), 60, "Seconds that a step has to be finished once the process is asked to end"),
  logLevel: setting(oneOf(...LOG_LEVELS), "info", `Least important lines of the log: one of ${LOG_LEVELS.join(", ")}`),
} as const;

export type WatcherSettings = SettingValues<typeof WATCHER_SETTINGS>;
