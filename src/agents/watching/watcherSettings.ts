/** What a watcher's process is told. */
import { commonSettings } from "../../service/commonSettings.ts";
import { text, wholeNumber } from "../../service/settingKinds.ts";
import { optionalSetting, setting, type SettingValues } from "../../service/settings.ts";

export const WATCHER_SETTINGS = {
  ...commonSettings({ port: 9_703, grace: 60 }),
  interval: setting(wholeNumber(1, 86_400), 12, "Seconds between the end of a step and the beginning of the next"),
  heard: setting(text, "parley.heard.jsonl", "File that keeps what it is handed, relative to the project"),
  account: optionalSetting(text, "Address of the account that convicts and revokes; the first one if left out"),
} as const;

export type WatcherSettings = SettingValues<typeof WATCHER_SETTINGS>;
