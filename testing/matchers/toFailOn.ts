import type { DevnetMember } from "../devnetMember.ts";
import { describeMessage } from "../messageBook.ts";
import type { AssertionLike } from "./chai.ts";
import { describeRefusal, type ExpectedArguments, isRefusedFor } from "./expectedRefusal.ts";
import { messageOf, whyNot } from "./subject.ts";

/** That a message was tried there, and its recipient refused it. */
export async function toFailOn(
  this: AssertionLike,
  destination: DevnetMember,
  reason?: string | RegExp,
  args?: ExpectedArguments,
): Promise<void> {
  const message = await messageOf(this._obj, destination);
  const { refusal } = message;
  const expected = { reason, args };
  const isFailed = refusal !== undefined && message.destination === destination.name && isRefusedFor(refusal, expected);
  const what = describeMessage(message);
  const how = `fail on ${destination.name}${describeRefusal(expected)}`;
  this.assert(
    isFailed,
    `expected ${what} to ${how}, but ${isFailed ? "" : await whyNot(message, destination)}`,
    `expected ${what} not to ${how}, but it failed: ${refusal?.text ?? ""}`,
  );
}
