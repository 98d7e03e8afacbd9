/** What an operator's process is told. */
import { z } from "zod";

import { LOG_LEVELS } from "../../service/logLevels.ts";
import { list, oneOf, shaped, text, wholeNumber, yesOrNo } from "../../service/settingKinds.ts";
import { optionalSetting, requiredSetting, setting, type SettingValues } from "../../service/settings.ts";

const Url = z
  .string()
  .url()
  .refine((url) => /^https?:/.test(url));

const Nodes = z.union([
  z.array(Url).nonempty(),
  z.strictObject({
    urls: z.array(Url).nonempty(),
    agree: z.number().int().positive().optional(),
    finality: z
      .union([z.literal("finalized"), z.strictObject({ confirmations: z.number().int().min(0).max(1_000) })])
      .optional(),
  }),
]);

/** The nodes of a member: their URLs; or these, how many of them must agree, and what is final, if not as for all others. */
export type NodesSetting = z.infer<typeof Nodes>;

const nodesByMember = shaped(
  'members\' names and their nodes: {"l1": ["https://…"], "alpha": {"urls": ["https://…"], "agree": 1, "finality": "finalized"}}',
  z.record(Nodes),
);

/** `fastSources` that means nobody. */
export const NO_SOURCES = "none";

export const OPERATOR_SETTINGS = {
  key: requiredSetting(text, "Keystore of the signing key, as operator:keygen wrote it, relative to the project"),
  passwordFile: optionalSetting(text, "File with the keystore's password; PARLEY_KEY_PASSWORD, or asked for"),
  store: setting(text, "parley.signed.jsonl", "File that keeps what it signed: back it up like the key"),
  nodes: setting(
    nodesByMember,
    {},
    "Its own nodes of each member; those of the addresses file or the config if left out",
  ),
  agree: optionalSetting(wholeNumber(1, 100), "How many of a member's nodes must say the same; all if left out"),
  nodeTimeout: setting(wholeNumber(1, 60), 4, "Seconds in which a node must answer"),
  fastSources: optionalSetting(
    list,
    `Members about which it signs at level fast, where the destination opts in; all if left out, "${NO_SOURCES}" for none`,
  ),
  host: setting(text, "127.0.0.1", "Address to listen on"),
  port: setting(wholeNumber(0, 65_535), 9_701, "Port to listen on; 0: one that the system gives"),
  endpoint: optionalSetting(text, "URL at which others reach it; compared with what L1 announces"),
  announce: setting(yesOrNo, false, "Announce the endpoint on L1, if another one is announced there"),
  account: optionalSetting(text, "Address of the operator's account on L1, which announces; the first one if left out"),
  interval: setting(wholeNumber(1, 86_400), 5, "Seconds between looks at all members"),
  tokens: optionalSetting(
    list,
    "Tokens by which those who ask for more than its health are known; everybody if left out",
  ),
  rateLimit: setting(wholeNumber(0, 1_000_000), 1_200, "Requests a minute of one address; 0: as many as come"),
  concurrency: setting(wholeNumber(1, 1_024), 16, "Requests to sign that it works on at once; more are refused"),
  connections: setting(wholeNumber(1, 65_535), 256, "Connections at once; more are closed"),
  requestTimeout: setting(wholeNumber(1, 60), 10, "Seconds in which a request must come, and be answered"),
  grace: setting(wholeNumber(0, 3_600), 10, "Seconds to finish what is under way once the process is asked to end"),
  logLevel: setting(oneOf(...LOG_LEVELS), "info", `Least important lines of the log: one of ${LOG_LEVELS.join(", ")}`),
} as const;

export type OperatorSettings = SettingValues<typeof OPERATOR_SETTINGS>;
