/** Settings of a service: each is a flag, else an environment variable, else an entry of the Hardhat config, else its default. */
import { inspect } from "node:util";

import { ParleyError } from "../errors.ts";

/** What values a setting has. */
export interface SettingKind<Value> {
  /** For people: "a whole number from 0 to 65535". */
  readonly takes: string;
  /** The value that is given: as text by flags and the environment, as anything by the config. Undefined if it is none. */
  parse(given: unknown): Value | undefined;
}

export interface Setting<Value> {
  readonly kind: SettingKind<Value>;
  /** For people: one line. */
  readonly description: string;
  /** Undefined where the setting may be left out. */
  readonly fallback: Value | undefined;
  /** Whether it has to be given. */
  readonly isRequired: boolean;
}

/** The settings of a service, by their names in camel case. */
export type Settings = Readonly<Record<string, Setting<unknown>>>;

/** What settings come to. */
export type SettingValues<Of extends Settings> = {
  readonly [Name in keyof Of]: Of[Name] extends Setting<infer Value> ? Value : never;
};

/** Settings as the Hardhat config gives them. */
export type SettingsConfig<Of extends Settings> = Partial<SettingValues<Of>>;

/** Where settings come from. */
export interface SettingSources {
  /** By the settings' names; what was not given is undefined, or `false`. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly config: Readonly<Record<string, unknown>> | undefined;
}

/** A setting with a default. */
export const setting = <Value>(
  kind: SettingKind<Value>,
  fallback: NoInfer<Value>,
  description: string,
): Setting<Value> => ({ kind, fallback, description, isRequired: false });

/** A setting that may be left out. */
export const optionalSetting = <Value>(kind: SettingKind<Value>, description: string): Setting<Value | undefined> => ({
  kind,
  fallback: undefined,
  description,
  isRequired: false,
});

/** A setting that has to be given. */
export const requiredSetting = <Value>(kind: SettingKind<Value>, description: string): Setting<Value> => ({
  kind,
  fallback: undefined,
  description,
  isRequired: true,
});

/** Reads all settings of a service. Throws `settings/invalid`, `settings/missing`. */
export function readSettings<Of extends Settings>(
  service: string,
  settings: Of,
  sources: SettingSources,
): SettingValues<Of> {
  const entries = Object.entries(settings).map(([name, one]) => [name, readSetting(service, name, one, sources)]);
  return Object.fromEntries(entries) as SettingValues<Of>;
}

/** Where a setting is set. */
export interface SettingPlaces {
  readonly flag: string;
  readonly variable: string;
  readonly config: string;
}

/** The three places of a setting: `--rate-limit`, `PARLEY_OPERATOR_RATE_LIMIT`, `parley.operator.rateLimit`. */
export function placesOf(service: string, name: string): SettingPlaces {
  const words = name.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
  return {
    flag: `--${words.join("-")}`,
    variable: ["PARLEY", service, ...words].join("_").toUpperCase(),
    config: `parley.${service}.${name}`,
  };
}

/** What is wrong with an entry of the config: of one setting, or with its name. */
export interface SettingIssue {
  readonly name: string;
  readonly isUnknown: boolean;
  readonly message: string;
}

/** What is wrong with the settings in the config. */
export function checkSettingsConfig(settings: Settings, config: Readonly<Record<string, unknown>>): SettingIssue[] {
  return Object.entries(config).flatMap(([name, given]): SettingIssue[] => {
    const one = Object.hasOwn(settings, name) ? settings[name] : undefined;
    if (one === undefined) {
      const message = "There is no such setting. Remove it, or correct its name.";
      return [{ name, isUnknown: true, message }];
    }
    if (given === undefined || one.kind.parse(given) !== undefined) return [];
    return [{ name, isUnknown: false, message: `${shown(given)} cannot be used. Write ${one.kind.takes}.` }];
  });
}

function readSetting(service: string, name: string, one: Setting<unknown>, sources: SettingSources): unknown {
  const { flag, variable, config } = placesOf(service, name);
  const candidates: readonly (readonly [place: string, given: unknown])[] = [
    [flag, sources.flags[name] === false ? undefined : sources.flags[name]],
    [variable, sources.environment[variable] === "" ? undefined : sources.environment[variable]],
    [config, sources.config?.[name]],
  ];
  const found = candidates.find(([, given]) => given !== undefined);
  if (found === undefined) {
    if (!one.isRequired) return one.fallback;
    throw new ParleyError(
      "settings/missing",
      `Nothing says ${name}: ${one.description}.`,
      `Give ${one.kind.takes}, by ${flag}, by ${variable} in the environment, or as \`${config}\` in the Hardhat config.`,
    );
  }
  const [place, given] = found;
  const value = one.kind.parse(given);
  if (value !== undefined) return value;
  throw new ParleyError(
    "settings/invalid",
    `${place} is ${shown(given)}, which cannot be used.`,
    `Give ${one.kind.takes}, by ${flag}, by ${variable} in the environment, or as \`${config}\` in the Hardhat config.`,
  );
}

/** A value as a person would write it, and no more of it than one needs to find it. */
const shown = (value: unknown): string => inspect(value, { breakLength: Infinity, depth: 2, maxStringLength: 80 });
