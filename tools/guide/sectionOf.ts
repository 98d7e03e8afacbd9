/** One section of a document, its heading included, with empty lines in place of all others: each line keeps its number. */
export function sectionOf(markdown: string, heading: string): string {
  const lines = markdown.split("\n");
  const first = lines.indexOf(heading);
  if (first === -1) throw new Error(`There is no "${heading}".`);
  const depth = heading.indexOf(" ");
  let isCode = false;
  const length = lines.slice(first + 1).findIndex((line) => {
    if (line.startsWith("```")) isCode = !isCode;
    return !isCode && /^#+ /.test(line) && line.indexOf(" ") <= depth;
  });
  const end = length === -1 ? lines.length : first + 1 + length;
  return lines.map((line, index) => (index < first || index >= end ? "" : line)).join("\n");
}
