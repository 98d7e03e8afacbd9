// What a published package.json must not carry: the workspace that makes this repository's commands run on Node 20.
// `npm pack` takes the file as it lies on disk, so `prepack` sets it aside (`strip`) and `postpack` puts it back (`restore`).
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

const MANIFEST = "package.json";
const ORIGINAL = ".package.json.original";

const restore = (): void => {
  if (existsSync(ORIGINAL)) renameSync(ORIGINAL, MANIFEST);
};

const strip = (): void => {
  restore(); // an interrupted run left it behind
  const original = readFileSync(MANIFEST, "utf8");
  const { workspaces: _, ...published } = JSON.parse(original) as Record<string, unknown>;
  writeFileSync(ORIGINAL, original);
  writeFileSync(MANIFEST, `${JSON.stringify(published, null, 2)}\n`);
};

if (process.argv[2] === "strip") strip();
else if (process.argv[2] === "restore") restore();
else throw new Error("Usage: tsx tools/manifest.ts strip|restore");
