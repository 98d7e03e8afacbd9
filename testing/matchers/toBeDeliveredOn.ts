import type { DevnetMember } from "../devnetMember.ts";
import { describeMessage } from "../messageBook.ts";
import type { AssertionLike } from "./chai.ts";
import { messageOf, whyNot } from "./subject.ts";

/** That a message was executed there. */
export async function toBeDeliveredOn(this: AssertionLike, destination: DevnetMember): Promise<void> {
  const message = await messageOf(this._obj, destination);
  const isDelivered = message.status === "delivered" && message.destination === destination.name;
  const described = describeMessage(message);
  this.assert(
    isDelivered,
    `expected ${described} to be delivered on ${destination.name}, but ${isDelivered ? "" : await whyNot(message, destination)}`,
    `expected ${described} not to be delivered on ${destination.name}, but it was`,
  );
}
