/** What one simulation is asked to be. */
export interface SimOptions {
  readonly seed: number;
  /** 6 to 12, by the seed, if left out. */
  readonly people?: number;
  readonly days: number;
  /** People found groups and change them, too; true if left out. */
  readonly hasGroups?: boolean;
  readonly suite: "model" | "real";
  /** How long all may take to settle in the end, in virtual hours. */
  readonly healingHours?: number;
  /** Told of every event, for whoever looks for a cause. */
  readonly trace?: (line: string) => void;
}

export const DEFAULT_DAYS = 14;
export const LEAST_PEOPLE = 6;
export const MOST_PEOPLE = 12;
