/** PORT: what speaks against relaying for others on this device, as far as the platform tells. */

/** What the line and the battery of others' help would cost; "none" if nothing speaks against it. */
export type RelayObstacle = "none" | "metered" | "low-battery" | "hidden-phone";

export interface RelayConditions {
  /** Whether this is a phone or a tablet: those relay only if the person chose it. */
  readonly isPhone: boolean;
  obstacle(): RelayObstacle;
  /** Called after the obstacle may have changed. Returns its unsubscribe function. */
  onChange(listener: () => void): () => void;
}

/** Where nothing is known. */
export const NO_OBSTACLES: RelayConditions = {
  isPhone: false,
  obstacle: () => "none",
  onChange: () => () => undefined,
};
