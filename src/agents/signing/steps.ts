/** The places at which an operator's process may end between one effect and the next, for tests that end it there. */
export const OPERATOR_STEPS = [
  /** Its nodes bear the checkpoints out; nothing is written yet. */
  "operator:verified",
  /** What is to be signed is planned; the store's file does not have it yet. */
  "operator:word-planned",
  /** The file has it; it may not be on the disk yet. */
  "operator:word-written",
  /** It is on the disk. */
  "operator:word-durable",
  /** It is signed; the signature has not left. */
  "operator:signed",
  /** A lane is to stop: its file does not have it yet. */
  "operator:halt-planned",
  /** It stopped for good, until the node comes back. */
  "operator:halt-durable",
] as const;

export type OperatorStep = (typeof OPERATOR_STEPS)[number];

/** Called right before or after each effect. Nothing in production sets one. */
export type OnOperatorStep = (step: OperatorStep) => void | Promise<void>;
