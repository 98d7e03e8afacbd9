import type { Carriage } from "./carrier.ts";
import type { LaneNames } from "./types.ts";

/** Why a lane stands still: something was to be done on it, and nothing was. Undefined if it does not. */
export function judgeLane(
  { source, destination }: LaneNames,
  { delivered, failed, uncertified, problems }: Carriage,
): { readonly code: string; readonly reason: string } | undefined {
  const isOfLane = (one: LaneNames): boolean => one.source === source && one.destination === destination;
  if (delivered.some(isOfLane) || failed.some((one) => isOfLane(one) && one.txHash !== undefined)) return undefined;
  const name = `${source} → ${destination}`;
  const problem = problems.find(
    ({ subject }) =>
      subject === source || subject === destination || subject === name || subject.startsWith(`${name},`),
  );
  if (problem !== undefined) return problem;
  const unsigned = uncertified.find(isOfLane);
  if (unsigned === undefined) return undefined;
  const reason = unsigned.answers.map(({ operator, refusal }) => `${operator}: ${refusal.reason}`).join("; ");
  return { code: "relayer/no-quorum", reason };
}
