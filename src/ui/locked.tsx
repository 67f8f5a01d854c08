/** Shows the locked screen in place of the app, which goes on starting once the vault is open. Loaded only where there is a lock. */
import { render } from "preact";
import type { LockedVault } from "../core/vault/vault.ts";
import type { StorageInfo, TabLock } from "../state/app-ports.ts";
import { createUnlocking } from "../state/unlocking.ts";
import { fireAndForget } from "../state/fire-and-forget.ts";
import { LockedScreen } from "./screens/LockedScreen.tsx";

export interface LockedNeeds {
  readonly lock: Pick<TabLock, "onLost">;
  readonly storage: Pick<StorageInfo, "erase">;
}

/** Resolves when the vault is open. Never does if another tab takes Kith over first. */
export async function askToUnlock(locked: LockedVault, { lock, storage }: LockedNeeds): Promise<void> {
  const root = document.getElementById("root");
  const host = document.createElement("div");
  host.className = "app";
  const leave = (): void => {
    render(null, host);
    host.remove();
    root?.removeAttribute("hidden");
  };
  const model = createUnlocking(locked, reportError);
  const erase = async (): Promise<void> => {
    await storage.erase();
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
    window.location.reload();
  };
  root?.setAttribute("hidden", "");
  document.body.append(host);
  render(<LockedScreen model={model} onErase={() => fireAndForget(erase(), reportError)} />, host);
  const unfollow = lock.onLost(leave);
  await model.unlocked;
  unfollow();
  leave();
}
