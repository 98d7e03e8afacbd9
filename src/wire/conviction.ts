/** What the Slasher numbers: kinds of offences, and how grave they are (contracts/types/Conviction.sol). */
export const OffenceKind = { equivocation: 0, falsehood: 1, unsettled: 2 } as const;
export type OffenceKind = (typeof OffenceKind)[keyof typeof OffenceKind];

/** An offence's name, for people. */
export type OffenceName = keyof typeof OffenceKind;

const NAMES: Record<OffenceKind, OffenceName> = { 0: "equivocation", 1: "falsehood", 2: "unsettled" };

/** The name of a kind of offence. */
export const offenceName = (kind: OffenceKind): OffenceName => NAMES[kind];

/** On the word of one operator, or of a quorum. */
export const Degree = { none: 0, lone: 1, quorum: 2 } as const;
export type Degree = (typeof Degree)[keyof typeof Degree];
