// Run after every change of package-lock.json: `node tools/mend-lock.mjs`.
//
// A lock file written under Node 20, or against a registry that mirrors one platform only, lacks some of the native packages
// of EDR (Hardhat's simulator); npm 11's `npm ci` then refuses it elsewhere. This adds the missing platforms as optional
// entries, and drops `engines` from all of them: npm on Node 20 would skip the addon in silence, although the Node 22 that
// tools/node20 carries is what runs it.
import fs from "node:fs";

const platforms = {
  "darwin-arm64": { os: ["darwin"], cpu: ["arm64"] },
  "darwin-x64": { os: ["darwin"], cpu: ["x64"] },
  "linux-arm64-gnu": { os: ["linux"], cpu: ["arm64"], libc: ["glibc"] },
  "linux-arm64-musl": { os: ["linux"], cpu: ["arm64"], libc: ["musl"] },
  "linux-x64-gnu": { os: ["linux"], cpu: ["x64"], libc: ["glibc"] },
  "linux-x64-musl": { os: ["linux"], cpu: ["x64"], libc: ["musl"] },
  "win32-x64-msvc": { os: ["win32"], cpu: ["x64"] },
};

const lock = JSON.parse(fs.readFileSync("package-lock.json", "utf8"));
const { version } = lock.packages["node_modules/@nomicfoundation/edr"];

for (const [platform, { os, cpu, libc }] of Object.entries(platforms)) {
  const key = `node_modules/@nomicfoundation/edr-${platform}`;
  const known = lock.packages[key];
  const integrity = known?.version === version ? known.integrity : undefined;
  lock.packages[key] = { version, integrity, cpu, libc, license: "MIT", optional: true, os };
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
fs.writeFileSync("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
