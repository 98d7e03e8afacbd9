/**
 * Writes the test vectors of the wire format, `test/vectors/*.json`; with `--check` only compares them with what it would
 * write. They are the same on every run.
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";

import { builders } from "./vectors/all.ts";
import { toJson } from "./vectors/json.ts";
import { Random } from "./vectors/random.ts";

const directory = new URL("../test/vectors/", import.meta.url);

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
const files = new Map(
  Object.entries(builders).map(([name, build]) => [`${name}.json`, toJson(build(new Random(name)))]),
);

if (values.check) {
  const present = (await readdir(directory)).filter((name) => name.endsWith(".json"));
  const stale: string[] = [];
  for (const name of new Set([...files.keys(), ...present])) {
    const expected = files.get(name);
    const found = present.includes(name) ? await readFile(new URL(name, directory), "utf8") : undefined;
    if (found !== expected) stale.push(name);
  }
  if (stale.length > 0) {
    console.error(`Stale test vectors: ${stale.join(", ")}.`);
    console.error("If the wire format was meant to change, write them again with npm run vectors:write.");
    process.exitCode = 1;
  } else {
    console.log(`${files.size} files of test vectors are as the code writes them.`);
  }
} else {
  for (const [name, text] of files) await writeFile(new URL(name, directory), text);
  console.log(`Wrote ${files.size} files of test vectors.`);
}
