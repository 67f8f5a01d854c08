/** The first start from a backup: a file, its passphrase, and what became of it. */
import { signal, type ReadonlySignal } from "@preact/signals";
import { MAX_BACKUP_BYTES, type Messenger, type ProfileView, type RestoreResult } from "../core/views.ts";

export type RestoreTrouble = Exclude<RestoreResult["kind"], "restored"> | "no-file" | "no-passphrase" | "failed";

export interface RestoringModel {
  readonly file: ReadonlySignal<File | undefined>;
  readonly passphrase: ReadonlySignal<string>;
  readonly trouble: ReadonlySignal<RestoreTrouble | undefined>;
  readonly isBusy: ReadonlySignal<boolean>;
  choose(file: File | undefined): void;
  typePassphrase(text: string): void;
  submit(): void;
}

/** `enter` begins with the profile that is made, or goes on as before if there is none. */
export function createRestoring(
  enter: (make: (messenger: Messenger) => Promise<ProfileView | undefined>) => Promise<void>,
  onFailure: (error: unknown) => void,
): RestoringModel {
  const file = signal<File | undefined>(undefined);
  const passphrase = signal("");
  const trouble = signal<RestoreTrouble | undefined>(undefined);
  const isBusy = signal(false);

  const restore = async (chosen: File): Promise<void> => {
    const bytes = new Uint8Array(await chosen.arrayBuffer());
    await enter(async ({ backups }) => {
      const result = await backups.restore(bytes, passphrase.value);
      if (result.kind === "restored") return result.profile;
      trouble.value = result.kind;
      return undefined;
    });
  };

  return {
    file,
    passphrase,
    trouble,
    isBusy,
    choose(chosen) {
      file.value = chosen;
      trouble.value = undefined;
    },
    typePassphrase(text) {
      passphrase.value = text;
      trouble.value = undefined;
    },
    submit() {
      const chosen = file.value;
      if (isBusy.value) return;
      if (chosen === undefined) trouble.value = "no-file";
      else if (chosen.size > MAX_BACKUP_BYTES) trouble.value = "too-large";
      else if (passphrase.value === "") trouble.value = "no-passphrase";
      else {
        isBusy.value = true;
        restore(chosen)
          .catch((error: unknown) => {
            trouble.value = "failed";
            onFailure(error);
          })
          .finally(() => {
            isBusy.value = false;
          });
      }
    },
  };
}
