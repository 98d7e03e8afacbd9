/** The tables of docs/GAS.md. */
import { BATCH, type Figures, type Measured } from "./peer.ts";

const WHAT: Readonly<Record<keyof Figures, string>> = {
  send32: "send, 32 B",
  send256: "send, 256 B",
  deliver32: "deliver one, 32 B",
  deliver256: "deliver one, 256 B",
  batch32: `×${BATCH.toString()}, 32 B, each`,
  batch256: `×${BATCH.toString()}, 256 B, each`,
};
const KEYS = Object.keys(WHAT) as (keyof Figures)[];

const table = (header: readonly string[], rows: readonly (readonly string[])[], left = 1): string =>
  [header, header.map((_, i) => (i < left ? "---" : "---:")), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");

/** Gas, and how many times that of Parley it is. */
function cell(gas: number | null, ours: number | null): string {
  if (gas === null) return "–";
  const shown = gas.toLocaleString("en");
  return ours === null || gas === ours ? shown : `${shown} (${(gas / ours).toFixed(2)})`;
}

/** The first one measured is Parley; the others are held against it. */
export function pageOf(measured: readonly Measured[]): string {
  const [parley] = measured;
  if (parley === undefined) throw new Error("Nothing was measured.");
  const figures = table(
    ["", ...KEYS.map((key) => WHAT[key])],
    measured.map((one) => [one.name, ...KEYS.map((key) => cell(one[key], one === parley ? null : parley[key]))]),
  );
  const ahead = measured.slice(1).flatMap((peer) =>
    KEYS.flatMap((key) => {
      const [theirs, ours] = [peer[key], parley[key]];
      if (theirs === null || ours === null || theirs >= ours) return [];
      const less = `${theirs.toLocaleString("en")} against ${ours.toLocaleString("en")}`;
      return [`- ${peer.name}: ${WHAT[key]}, ${less} (${((100 * (ours - theirs)) / ours).toFixed(1)} % less)`];
    }),
  );
  const setUps = table(
    ["", "on whose word", "signatures verified", "transactions to deliver one", "the batch", "played, or left out"],
    measured.map(({ name, trust, signatures, transactions, batch, played }) => [
      name,
      trust,
      signatures,
      transactions.toString(),
      batch,
      played,
    ]),
    6,
  );
  const where =
    ahead.length === 0
      ? "No peer is ahead in anything that was measured."
      : `Where a peer is ahead:\n\n${ahead.join("\n")}`;
  return [figures, where, setUps].join("\n\n");
}
