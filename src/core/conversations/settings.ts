/** What was chosen on this device: one row per setting, absent while nobody chose. */
import type { ReadTransaction, Store } from "../store/store.ts";
import type { SettingsView } from "../views.ts";

export const DEFAULT_SETTINGS: SettingsView = {
  notifies: false,
  showsText: true,
  persistAskedAt: 0,
  lockAfterMinutes: 0,
  carriesFor: "contacts",
  protectionPutOffAt: 0,
};

export function readSettings(store: Store): Promise<SettingsView> {
  return store.read(["settings"], read);
}

/** Resolves with all settings after the commit. */
export function changeSettings(store: Store, change: Partial<SettingsView>): Promise<SettingsView> {
  return store.write(["settings"], "strict", async (tx) => {
    for (const [name, value] of Object.entries(change)) tx.put("settings", [name], value);
    return read(tx);
  });
}

async function read(tx: ReadTransaction): Promise<SettingsView> {
  const rows = await tx.range("settings", {});
  const stored: Partial<SettingsView> = Object.fromEntries(rows.map(({ key, value }) => [String(key[0]), value]));
  return { ...DEFAULT_SETTINGS, ...stored };
}
