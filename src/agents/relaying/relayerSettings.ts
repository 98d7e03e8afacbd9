/** What a relayer's process is told. */
import { commonSettings } from "../../service/commonSettings.ts";
import { list, text, wholeNumber } from "../../service/settingKinds.ts";
import { optionalSetting, setting, type SettingValues } from "../../service/settings.ts";

export const RELAYER_SETTINGS = {
  ...commonSettings({ port: 9_702, grace: 60 }),
  databaseUrl: optionalSetting(
    text,
    "PostgreSQL that any number of relayers share: postgresql://user:password@host:5432/name; --database if left out",
  ),
  database: setting(text, "parley.relayer", "Directory of this relayer's own database, relative to the project"),
  operators: optionalSetting(
    list,
    "URLs of operators; if left out those of a devnet's addresses file, else those that L1 announces",
  ),
  account: optionalSetting(
    text,
    "Address of the account that pays; nobody else may use it. The first one of each chain if left out",
  ),
  interval: setting(
    wholeNumber(10, 3_600_000),
    1_000,
    "Milliseconds between the end of a step and the beginning of the next",
  ),
  maxBatch: setting(wholeNumber(1, 1_000), 100, "Most messages in a transaction"),
  operatorTimeout: setting(wholeNumber(100, 600_000), 10_000, "Milliseconds after which an operator counts as silent"),
  lease: setting(
    wholeNumber(2, 3_600),
    30,
    "Seconds after which other relayers take over what this one was at, should it be gone",
  ),
  upkeep: setting(wholeNumber(1, 86_400), 30, "Seconds between two looks at operator tables and heartbeats"),
  keep: setting(
    wholeNumber(0, 36_500),
    30,
    "Days for which the payload of a message that was delivered is kept; 0: for ever",
  ),
  pageBlocks: setting(wholeNumber(1, 1_000_000), 10_000, "Most blocks whose logs are asked for at once"),
  maxInFlight: setting(wholeNumber(1, 1_000), 16, "Most transactions of an account on their way at once"),
  replaceAfter: setting(
    wholeNumber(1, 86_400),
    30,
    "Seconds after which a transaction in no block is sent again for more",
  ),
  maxFee: optionalSetting(wholeNumber(1, 1_000_000), "Most gwei that a unit of gas may cost; no bound if left out"),
  maxWait: setting(
    wholeNumber(0, 86_400),
    4,
    "Seconds that messages wait at most for others and for cheaper gas, while gas is dearer than usual",
  ),
  worth: setting(
    wholeNumber(0, 1_000_000_000),
    1_000,
    "Gwei that it is worth to deliver a message a second earlier, while it waits for cheaper gas",
  ),
  alarmAge: setting(
    wholeNumber(1, 31_536_000),
    900,
    "Seconds for which a message may wait, if its recipient does not refuse it, before the relayer counts as ill",
  ),
} as const;

export type RelayerSettings = SettingValues<typeof RELAYER_SETTINGS>;
