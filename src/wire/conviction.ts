/** What the Slasher numbers: kinds of offences, and how grave they are (contracts/types/Conviction.sol). */
export const OffenceKind = { equivocation: 0, falsehood: 1, unsettled: 2 } as const;

/** On the word of one operator, or of a quorum. */
export const Degree = { none: 0, lone: 1, quorum: 2 } as const;
export type Degree = (typeof Degree)[keyof typeof Degree];
