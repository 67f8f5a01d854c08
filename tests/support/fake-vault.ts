/** A vault of the screen's tests: remembers what it was told and protects nothing. */
import { signal } from "@preact/signals";
import type { AppPorts } from "../../src/state/app-ports.ts";

const CODE = "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV";

export function fakeVault(isProtected: boolean): AppPorts["vault"] {
  const view = signal({ isProtected, hasPasskey: false, isMoving: false });
  return {
    view: () => view.peek(),
    onChange: (listener) => view.subscribe(listener),
    isPasskeyOffered: () => Promise.resolve(true),
    makePasskey: () => Promise.resolve({ kind: "unsupported" }),
    protect() {
      view.value = { ...view.value, isProtected: true };
      return Promise.resolve(CODE);
    },
    changePassphrase: () => Promise.resolve(),
    removeProtection() {
      view.value = { ...view.value, isProtected: false };
      return Promise.resolve();
    },
  };
}
