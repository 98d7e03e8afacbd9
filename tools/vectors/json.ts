/**
 * Writes vectors as JSON: bytes are hex strings, integers of the protocol decimal strings, small numbers (levels,
 * indices, flags) JSON numbers.
 */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value, (_, field: unknown) => (typeof field === "bigint" ? field.toString() : field), 2);
  return `${text}\n`;
}

/** Reads vectors: what `toJson` wrote, decimal strings as bigint again. */
export function fromJson(text: string): unknown {
  return JSON.parse(text, (_, field: unknown) =>
    typeof field === "string" && /^\d+$/.test(field) ? BigInt(field) : field,
  );
}
