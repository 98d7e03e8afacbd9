import { ParleyError } from "../../src/errors.ts";

/** Something that every implementation must refuse, and the code with which `src/wire` does. */
export type Refused<T> = T & { readonly name: string; readonly error: string };

/** Makes such a vector, after checking that `read` refuses the input with this very code. */
export function refused<T extends object>(
  name: string,
  error: string,
  input: T,
  read: (input: T) => unknown,
): Refused<T> {
  try {
    read(input);
  } catch (thrown) {
    if (thrown instanceof ParleyError && thrown.code === error) return { name, ...input, error };
    throw thrown;
  }
  throw new Error(`"${name}" must be refused with ${error}, but was accepted`);
}

/** Such a vector whose input is bytes. */
export const refusedBytes = (
  read: (bytes: string) => unknown,
): ((name: string, error: string, bytes: string) => Refused<{ bytes: string }>) => {
  return (name, error, bytes) => refused(name, error, { bytes }, (input) => read(input.bytes));
};
