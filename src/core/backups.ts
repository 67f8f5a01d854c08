/** Backups of this profile, and a profile from a backup (PROTOCOL, Backup). What that takes is loaded when it is first asked for. */
import type { Backups, RestoreResult } from "./backup-views.ts";
import { profileOf } from "./conversations/account.ts";
import type { CoreContext } from "./conversations/core-context.ts";
import { loadKnown } from "./conversations/load-known.ts";
import type { StretchPassphrase } from "./vault/ports.ts";

export class CoreBackups implements Backups {
  readonly #core: CoreContext;
  readonly #stretch: StretchPassphrase;

  constructor(core: CoreContext, stretch: StretchPassphrase) {
    this.#core = core;
    this.#stretch = stretch;
  }

  async export(passphrase: string): Promise<readonly Uint8Array[]> {
    const { exportBackup } = await import("./backup/export.ts");
    return exportBackup(this.#core.store, this.#parts(), passphrase);
  }

  async restore(file: Uint8Array, passphrase: string): Promise<RestoreResult> {
    const { restoreBackup } = await import("./backup/restore.ts");
    const { kind } = await restoreBackup(this.#core.store, this.#parts(), file, passphrase);
    if (kind !== "restored") return { kind };
    await loadKnown(this.#core);
    return { kind, profile: profileOf(this.#core.directory.self) };
  }

  #parts() {
    const { suite, clock } = this.#core;
    return { suite, clock, stretch: this.#stretch };
  }
}
