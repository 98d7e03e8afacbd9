/** Whether rollups that settle on others can: each parent is there, settles on L1 itself, and there is a hop to it. */
import { HOP } from "../../src/stacks/hops.ts";
import { STACK_TITLES } from "../../src/stacks/stack.ts";
import { type ConfigCode, configIssue, type ConfigIssue } from "./issue.ts";
import type { ParleyConfig, RollupConfig } from "./types.ts";

/** Looks up parents. A stack that is not known yet is looked at once it is (`stack/no-hop`). */
export function checkParents({ rollups }: Pick<ParleyConfig, "rollups">): ConfigIssue[] {
  return rollups.flatMap((rollup) => {
    if (rollup.parent === undefined) return [];
    const found = problemOf(rollup, rollup.parent, rollups);
    return found === undefined ? [] : [configIssue(["rollups", rollup.name, "parent"], ...found)];
  });
}

type Problem = readonly [code: ConfigCode, message: string];

function problemOf(rollup: RollupConfig, name: string, rollups: readonly RollupConfig[]): Problem | undefined {
  const parent = rollups.find((each) => each.name === name);
  if (parent === undefined) {
    const names = rollups.map((each) => each.name).join(", ");
    return [
      "config/unknown-parent",
      `No rollup is named "${name}"; there are: ${names}. Name another one of them, or leave \`parent\` out if "${rollup.name}" settles on L1.`,
    ];
  }
  const circle = circleFrom(rollup, rollups);
  if (circle !== undefined) {
    return ["config/parent-cycle", `This leads in a circle: ${circle.join(" on ")}. One of them must settle on L1.`];
  }
  if (parent.parent !== undefined) {
    return [
      "config/parent-too-deep",
      `"${name}" settles on "${parent.parent}" itself. This version knows one rollup between a rollup and L1: leave "${rollup.name}" out.`,
    ];
  }
  const isJoined = (rollup.stack ?? HOP.rollup) === HOP.rollup && (parent.stack ?? HOP.parent) === HOP.parent;
  if (isJoined) return undefined;
  const title = ({ stack }: RollupConfig): string => (stack === undefined ? "not known yet" : `stack "${stack}"`);
  return [
    "config/no-hop",
    `No hop joins "${rollup.name}" (${title(rollup)}) to "${name}" (${title(parent)}). This version joins ${STACK_TITLES[HOP.rollup]} chains (stack "${HOP.rollup}") to ${STACK_TITLES[HOP.parent]} chains (stack "${HOP.parent}"), on networks.`,
  ];
}

/** Names from a rollup up to one that was passed before; undefined if the way up ends. */
function circleFrom(rollup: RollupConfig, rollups: readonly RollupConfig[]): readonly string[] | undefined {
  const way: string[] = [];
  let next: RollupConfig | undefined = rollup;
  while (next !== undefined) {
    const { name, parent }: RollupConfig = next;
    if (way.includes(name)) return [...way, name];
    way.push(name);
    next = rollups.find((each) => each.name === parent);
  }
  return undefined;
}
