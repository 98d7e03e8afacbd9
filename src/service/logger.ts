import { type DestinationStream, destination, type Logger, type LoggerOptions, pino, stdSerializers } from "pino";

import { ParleyError } from "../errors.ts";
import type { LogLevel } from "./logLevels.ts";

export type { Logger } from "pino";

export interface LogOptions {
  /** Which service speaks: `operator`. */
  readonly service: string;
  readonly level?: LogLevel;
  /** Where the lines go; stderr if left out: stdout is for results. */
  readonly stream?: DestinationStream;
  /** Whether people read it: a line of text instead of JSON. If left out: where stderr is a terminal. */
  readonly isForPeople?: boolean;
}

/** Fields that are never written, wherever someone put them. */
const SECRETS = ["password", "privateKey", "secret", "token", "tokens", "authorization", "mnemonic"];

/** A log: one JSON object a line, with `level`, `time`, `service` and `msg`; errors under `err`, with code and hint. */
export function createLogger({ service, level = "info", stream, isForPeople }: LogOptions): Logger {
  const options: LoggerOptions = {
    level,
    base: { service },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: "[secret]" },
    serializers: { err: errorFields },
  };
  const target = stream ?? destination({ dest: 2, sync: true });
  const isText = isForPeople ?? (stream === undefined && process.stderr.isTTY);
  return pino(options, isText ? { write: (line: string) => target.write(readable(line)) } : target);
}

/** An error as a log holds it: Parley's own without their stack, since their text says what to do. */
function errorFields(error: unknown): unknown {
  if (error instanceof ParleyError) return { code: error.code, message: error.message, hint: error.hint };
  return error instanceof Error ? stdSerializers.err(error) : error;
}

/** A JSON line as a person likes it: time, level, text, and what else there is. */
function readable(line: string): string {
  const { level, time, service, msg = "", ...rest } = JSON.parse(line) as LogLine;
  const fields = Object.entries(rest).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `${[time.slice(11, 19), level.padEnd(5), service, msg, ...fields].join(" ")}\n`;
}

interface LogLine extends Record<string, unknown> {
  readonly level: string;
  readonly time: string;
  readonly service: string;
  readonly msg?: string;
}
