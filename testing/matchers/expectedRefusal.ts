import type { Refusal } from "../messageBook.ts";

/** What an error is to carry, in order or by name; a function says whether a value, as text, will do. */
export type ExpectedArguments = readonly unknown[] | Readonly<Record<string, unknown>>;

/** Why a recipient is expected to refuse. */
export interface ExpectedRefusal {
  /** The error's name; of a revert with a text, the text; or what the whole has to fit. */
  readonly reason: string | RegExp | undefined;
  readonly args: ExpectedArguments | undefined;
}

/** Whether a message was refused for this reason. */
export function isRefusedFor({ name, args, text }: Refusal, expected: ExpectedRefusal): boolean {
  const { reason } = expected;
  const isReason =
    reason === undefined ||
    (typeof reason === "string"
      ? name === reason || (name === "Error" && args["message"] === reason)
      : reason.test(text));
  return isReason && carries(args, expected.args ?? []);
}

function carries(args: Refusal["args"], expected: ExpectedArguments): boolean {
  const values = Object.values(args);
  const pairs: [unknown, string | undefined][] = Array.isArray(expected)
    ? expected.map((one: unknown, place) => [one, values[place]])
    : Object.entries(expected).map(([name, one]) => [one, args[name]]);
  return pairs.every(([one, value]) => value !== undefined && isSame(one, value));
}

function isSame(expected: unknown, value: string): boolean {
  if (typeof expected === "function") return Boolean((expected as (value: string) => unknown)(value));
  return String(expected).toLowerCase() === value.toLowerCase();
}

/** The reason, for people; empty if any will do. */
export function describeRefusal({ reason, args }: ExpectedRefusal): string {
  if (reason === undefined && args === undefined) return "";
  const list = Array.isArray(args)
    ? args.map(String)
    : Object.entries(args ?? {}).map(([name, value]) => `${name}: ${String(value)}`);
  return ` with ${reason === undefined ? "an error" : String(reason)}${list.length === 0 ? "" : `(${list.join(", ")})`}`;
}
