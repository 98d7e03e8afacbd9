/** Most bytes of an operator's answer: of the largest request, a refusal of each checkpoint has room. */
const MOST = 4 * 2 ** 20;

/** The text of an answer. Rejects if it has more than an operator could have to say: memory is not to be filled by others. */
export async function readAnswer({ body }: Pick<Response, "body">, most = MOST): Promise<string> {
  if (body === null) return "";
  const parts: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop ends the connection.
  for await (const part of body as ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > most) throw new Error(`it answers more than ${most} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}
