/** The dialog that writes a backup: a passphrase typed twice, then a file to save. */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { Backups } from "../core/views.ts";
import { fireAndForget } from "./fire-and-forget.ts";
import { passphraseTrouble, type PassphraseTrouble } from "./passphrases.ts";

export interface BackupFile {
  readonly name: string;
  /** Of a Blob, until the model is disposed. */
  readonly url: string;
}

export interface BackingUpModel {
  readonly passphrase: ReadonlySignal<string>;
  readonly repeated: ReadonlySignal<string>;
  readonly trouble: ReadonlySignal<PassphraseTrouble | undefined>;
  readonly isBusy: ReadonlySignal<boolean>;
  readonly file: ReadonlySignal<BackupFile | undefined>;
  typePassphrase(text: string): void;
  typeRepeated(text: string): void;
  submit(): void;
  dispose(): void;
}

export function createBackingUp(backups: Backups, onFailure: (error: unknown) => void): BackingUpModel {
  const passphrase = signal("");
  const repeated = signal("");
  const trouble = signal<PassphraseTrouble | undefined>(undefined);
  const isBusy = signal(false);
  const file = signal<BackupFile | undefined>(undefined);
  let isDisposed = false;

  const write = async (): Promise<void> => {
    const parts = await backups.export(passphrase.value);
    passphrase.value = "";
    repeated.value = "";
    if (isDisposed) return;
    const day = new Date().toISOString().slice(0, 10);
    const blob = new Blob(
      parts.map((part) => part.slice()),
      { type: "application/octet-stream" },
    );
    file.value = { name: `kith-${day}.kithbackup`, url: URL.createObjectURL(blob) };
  };

  return {
    passphrase,
    repeated,
    trouble,
    isBusy,
    file,
    typePassphrase(text) {
      passphrase.value = text;
      trouble.value = undefined;
    },
    typeRepeated(text) {
      repeated.value = text;
      trouble.value = undefined;
    },
    submit() {
      trouble.value = passphraseTrouble(passphrase.value, repeated.value);
      if (trouble.value !== undefined || isBusy.value) return;
      isBusy.value = true;
      const writing = write().finally(() => {
        isBusy.value = false;
      });
      fireAndForget(writing, onFailure);
    },
    dispose() {
      isDisposed = true;
      if (file.value !== undefined) URL.revokeObjectURL(file.value.url);
    },
  };
}
