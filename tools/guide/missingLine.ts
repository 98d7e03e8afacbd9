/** The first line of an excerpt that an output does not have behind the lines before; "…" stands for anything. */
export function missingLine(excerpt: string, output: string): string | undefined {
  const lines = output.split("\n").map(collapse);
  let at = 0;
  for (const line of excerpt.split("\n").map(collapse)) {
    if (line === "" || line === "…") continue;
    const pattern = new RegExp(line.split("…").map(escape).join(".*"));
    const found = lines.findIndex((printed, index) => index >= at && pattern.test(printed));
    if (found === -1) return line;
    at = found + 1;
  }
  return undefined;
}

const collapse = (line: string): string => line.trim().replace(/\s+/g, " ");

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
