/** One step of an audit, in parts that are run, recorded and repeated by themselves. */
export type Found = {
  readonly passed: boolean;
  /** On one line. */
  readonly says: string;
  readonly figures?: Readonly<Record<string, number>>;
};

export type Part = {
  readonly name: string;
  readonly run: () => Promise<Found>;
  /** Whether there is no time left to begin it. */
  readonly isLeftOut?: () => boolean;
};

export type Step = {
  readonly name: string;
  /** What it is, for the report. */
  readonly what: string;
  /** What it demands. */
  readonly demands: string;
  /** What it looks at: while that is the same, its parts are not run again. */
  readonly inputs: readonly string[];
  readonly parts: () => readonly Part[];
};
