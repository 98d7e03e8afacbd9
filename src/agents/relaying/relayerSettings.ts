/** What a relayer's process is told. */
import { LOG_LEVELS } from "../../service/logLevels.ts";
import { list, oneOf, text, wholeNumber } from "../../service/settingKinds.ts";
import { optionalSetting, setting, type SettingValues } from "../../service/settings.ts";

export const RELAYER_SETTINGS = {
  host: setting(text, "127.0.0.1", "Address to listen on"),
  port: setting(wholeNumber(0, 65_535), 9_702, "Port to listen on; 0: one that the system gives"),
  databaseUrl: optionalSetting(
    text,
    "PostgreSQL that any number of relayers share: postgresql://user:password@host:5432/name; --database if left out",
  ),
  database: setting(text, "parley.relayer", "Directory of this relayer's own database, relative to the project"),
  operators: optionalSetting(list, "URLs of operators; those of the addresses file if left out"),
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
  tokens: optionalSetting(
    list,
    "Tokens by which those who ask for more than its health are known; everybody if left out",
  ),
  rateLimit: setting(wholeNumber(0, 1_000_000), 1_200, "Requests a minute of one address; 0: as many as come"),
  grace: setting(wholeNumber(0, 3_600), 60, "Seconds that a step has to be finished once the process is asked to end"),
  logLevel: setting(oneOf(...LOG_LEVELS), "info", `Least important lines of the log: one of ${LOG_LEVELS.join(", ")}`),
} as const;

export type RelayerSettings = SettingValues<typeof RELAYER_SETTINGS>;
