// TypeChain writes each contract's bytecode into the declaration of its factory too, as the type of a constant: a quarter of the
// package, of which nobody reads a byte. `npm run dist` replaces it by `string`.
import { globSync, readFileSync, writeFileSync } from "node:fs";

const BYTECODE = /^(\s*static readonly bytecode) = "0x[0-9a-fA-F]*";$/m;

for (const file of globSync("dist/types/**/*__factory.d.ts")) {
  const text = readFileSync(file, "utf8");
  const slim = text.replace(BYTECODE, "$1: string;");
  if (slim !== text) writeFileSync(file, slim);
}
