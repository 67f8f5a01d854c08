/** Backups as the screen sees them: one file under a passphrase (PROTOCOL, Backup). Part of the façade, see views.ts. */
import type { ProfileView } from "./views.ts";

export type RestoreResult =
  | { readonly kind: "restored"; readonly profile: ProfileView }
  /** No backup of Kith. */
  | { readonly kind: "foreign" }
  /** Written by a newer Kith. */
  | { readonly kind: "newer" }
  /** A part is missing, or was changed. */
  | { readonly kind: "damaged" }
  | { readonly kind: "wrong-passphrase" }
  | { readonly kind: "too-large" }
  /** There is a profile here already. */
  | { readonly kind: "in-use" }
  /** The disk is full. */
  | { readonly kind: "full" };

export interface Backups {
  /** The parts of the file, in order. Takes seconds. Requires a profile. */
  export(passphrase: string): Promise<readonly Uint8Array[]>;
  /**
   * Makes this empty profile a new device of the account that the file holds. Requires an opened store without a profile. Nothing is
   * stored unless all of it is.
   */
  restore(file: Uint8Array, passphrase: string): Promise<RestoreResult>;
}
