/** How a piece of text is set off on a terminal; on anything else it stays as it is. */
export type Paint = (style: "bold" | "dim" | "green" | "yellow" | "red", text: string) => string;
