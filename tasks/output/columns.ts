/** A column of a table: its title, and whether its cells end flush (numbers) or begin flush (text). */
export interface Column {
  readonly title: string;
  readonly align?: "right";
}

/** Lines of a table: titles, then a line a row. A cell that repeats nothing new may be empty. */
export function layTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const lines = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, index) => Math.max(...lines.map((cells) => (cells[index] ?? "").length)));
  return lines.map((cells) =>
    columns
      .map(({ align }, index) => {
        const cell = cells[index] ?? "";
        const width = widths[index] ?? 0;
        return align === "right" ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
}
