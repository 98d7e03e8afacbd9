/** What an operator's process is told. */
import { z } from "zod";

import { commonSettings } from "../../service/commonSettings.ts";
import { list, shaped, text, wholeNumber, yesOrNo } from "../../service/settingKinds.ts";
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
  ...commonSettings({ port: 9_701, grace: 10 }),
  endpoint: optionalSetting(text, "URL at which others reach it; compared with what L1 announces"),
  announce: setting(yesOrNo, false, "Announce the endpoint on L1, if another one is announced there"),
  account: optionalSetting(text, "Address of the operator's account on L1, which announces; the first one if left out"),
  interval: setting(wholeNumber(1, 86_400), 5, "Seconds between looks at all members"),
  concurrency: setting(wholeNumber(1, 1_024), 16, "Requests to sign that it works on at once; more are refused"),
  connections: setting(wholeNumber(1, 65_535), 256, "Connections at once; more are closed"),
  requestTimeout: setting(wholeNumber(1, 60), 10, "Seconds in which a request must come, and be answered"),
} as const;

export type OperatorSettings = SettingValues<typeof OPERATOR_SETTINGS>;
