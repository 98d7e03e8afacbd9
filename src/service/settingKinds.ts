/** The kinds of values that settings have. */
import type { z } from "zod";

import type { SettingKind } from "./settings.ts";

/** Text that is not empty. */
export const text: SettingKind<string> = {
  takes: "a text",
  parse: (given) => (typeof given === "string" && given !== "" ? given : undefined),
};

/** A whole number within bounds. */
export const wholeNumber = (least: number, most: number): SettingKind<number> => ({
  takes: `a whole number from ${least} to ${most}`,
  parse: (given) => {
    const number = typeof given === "string" && /^\d{1,15}$/.test(given) ? Number(given) : given;
    const isOne = typeof number === "number" && Number.isInteger(number) && number >= least && number <= most;
    return isOne ? number : undefined;
  },
});

/** Yes or no. As a flag it takes no value. */
export const yesOrNo: SettingKind<boolean> = {
  takes: "true or false",
  parse: (given) => {
    if (given === true || given === "true" || given === "1") return true;
    return given === false || given === "false" || given === "0" ? false : undefined;
  },
};

/** One of several words. */
export const oneOf = <Word extends string>(...words: readonly Word[]): SettingKind<Word> => ({
  takes: `one of ${words.join(", ")}`,
  parse: (given) => words.find((word) => word === given),
});

/** Texts: a list in the config, separated by commas elsewhere. */
export const list: SettingKind<readonly string[]> = {
  takes: "texts, separated by commas",
  parse: (given) => {
    const items: unknown[] = typeof given === "string" ? given.split(",").map((item) => item.trim()) : toArray(given);
    return items.length > 0 && items.every((item) => typeof item === "string" && item !== "")
      ? (items as readonly string[])
      : undefined;
  },
};

/** Anything of a shape: a value in the config, JSON elsewhere. */
export const shaped = <Value>(takes: string, schema: z.ZodType<Value, z.ZodTypeDef, unknown>): SettingKind<Value> => ({
  takes,
  parse: (given) => {
    const { data, success } = schema.safeParse(typeof given === "string" ? parsed(given) : given);
    return success ? data : undefined;
  },
});

const toArray = (given: unknown): unknown[] => (Array.isArray(given) ? given : []);

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
