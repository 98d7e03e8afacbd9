/** Every error Parley raises on purpose: a code that programs may rely on, and a hint that tells a person what to do. */
export class ParleyError extends Error {
  override readonly name = "ParleyError";
  /** Stable, lower case, `area/what-is-wrong`. */
  readonly code: string;
  /** What to do about it. */
  readonly hint: string;

  constructor(code: string, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}
