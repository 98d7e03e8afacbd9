/** What is wrong with a fabric, or may soon be. */
export interface Finding {
  /** Stable, lower case, `area/what-is-wrong`. */
  readonly code: string;
  /** `danger`: messages are held up, or somebody's stake or word does not hold what it promises. `warning`: it will, if nobody acts. */
  readonly severity: "danger" | "warning";
  /** Name of a member, or what else it is about. */
  readonly subject: string;
  /** What it means. */
  readonly meaning: string;
  /** What to do. */
  readonly remedy: string;
}

type Told = Omit<Finding, "severity">;

export const danger = (code: string, subject: string, meaning: string, remedy: string): Finding =>
  finding("danger", { code, subject, meaning, remedy });

export const warning = (code: string, subject: string, meaning: string, remedy: string): Finding =>
  finding("warning", { code, subject, meaning, remedy });

const finding = (severity: Finding["severity"], told: Told): Finding => ({ ...told, severity });
