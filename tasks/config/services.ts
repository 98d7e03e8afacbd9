/** The services whose settings the config may hold, each as an entry of `parley` with its name. Loaded with the plugin: keep it light. */
import { OPERATOR_SETTINGS } from "../../src/agents/operating/operatorSettings.ts";
import { RELAYER_SETTINGS } from "../../src/agents/relaying/relayerSettings.ts";
import { WATCHER_SETTINGS } from "../../src/agents/watching/watcherSettings.ts";
import { checkSettingsConfig, type Settings, type SettingsConfig } from "../../src/service/settings.ts";
import { configIssue, type ConfigIssue } from "./issue.ts";

export const SERVICES = {
  operator: OPERATOR_SETTINGS,
  relayer: RELAYER_SETTINGS,
  watcher: WATCHER_SETTINGS,
} as const satisfies Readonly<Record<string, Settings>>;

export type Service = keyof typeof SERVICES;

/** Settings that the config gives; what it leaves out may be given by flags and the environment. */
export type ServicesUserConfig = { readonly [Name in Service]?: SettingsConfig<(typeof SERVICES)[Name]> };
export type ServicesConfig = Required<ServicesUserConfig>;

/** What is wrong with a service's entry. */
export function checkService(service: Service, entry: unknown): ConfigIssue[] {
  if (entry === undefined) return [];
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
    return [configIssue([service], "config/invalid", "Write an object with settings, or leave it out.")];
  }
  return checkSettingsConfig(SERVICES[service], { ...entry }).map(({ name, isUnknown, message }) =>
    configIssue([service, name], isUnknown ? "config/unknown-key" : "config/invalid-setting", message),
  );
}

export const serviceNames = Object.keys(SERVICES) as Service[];

/** The entries, those that were left out empty. */
export const resolveServices = (user: ServicesUserConfig): ServicesConfig => ({
  operator: user.operator ?? {},
  relayer: user.relayer ?? {},
  watcher: user.watcher ?? {},
});
