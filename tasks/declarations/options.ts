/** Options that several commands have. */
import { ArgumentType } from "hardhat/types/arguments";

import { DEFAULT_ADDRESSES_FILE } from "../config/paths.ts";

export const json = {
  name: "json",
  description: "Print the result as one JSON object, and nothing else, to stdout",
} as const;

export const addresses = {
  name: "addresses",
  description: "File that says where the rollups are, relative to the project",
  type: ArgumentType.STRING,
  defaultValue: DEFAULT_ADDRESSES_FILE,
} as const;

/** An option that may be left out. */
export const optional = <Name extends string>(
  name: Name,
  description: string,
): { name: Name; description: string; type: ArgumentType.STRING_WITHOUT_DEFAULT; defaultValue: undefined } => ({
  name,
  description,
  type: ArgumentType.STRING_WITHOUT_DEFAULT,
  defaultValue: undefined,
});
