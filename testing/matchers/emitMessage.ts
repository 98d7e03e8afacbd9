import type { DevnetMember } from "../devnetMember.ts";
import { describeMessage, type DevnetMessage } from "../messageBook.ts";
import { hashOf } from "../transactionHash.ts";
import type { AssertionLike } from "./chai.ts";
import { type ExpectedMessage, type Trait, traitsOf } from "./expectedMessage.ts";

/** That a transaction sent a message from this member, such as is said. */
export async function emitMessage(
  this: AssertionLike,
  source: DevnetMember,
  expected: ExpectedMessage = {},
): Promise<void> {
  const hash = hashOf(await this._obj);
  const [sent, traits] = [await source.sentIn(hash), await traitsOf(expected)];
  const found = sent.find((message) => traits.every(({ fits }) => fits(message)));
  const wanted =
    traits.length === 0 ? "" : ` with ${traits.map(({ name, wanted: value }) => `${name} ${value}`).join(", ")}`;
  this.assert(
    found !== undefined,
    `expected transaction ${hash} to send a message from ${source.name}${wanted}, but ${whatElse(sent, traits)}`,
    `expected transaction ${hash} to send no message from ${source.name}${wanted}, but it sent ${sent.map(describeMessage).join(", ")}`,
  );
}

function whatElse(sent: readonly DevnetMessage[], traits: readonly Trait[]): string {
  if (sent.length === 0) return "it sent none";
  const differences = sent.map((message) => {
    const wrong = traits.filter(({ fits }) => !fits(message));
    return `${describeMessage(message)} has ${wrong.map(({ name, of }) => `${name} ${of(message)}`).join(", ")}`;
  });
  return differences.join("; ");
}
