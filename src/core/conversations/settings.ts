/** What was chosen on this device: one row per setting, absent while nobody chose. Beside them, what was relayed today. */
import type { ReadTransaction, Store } from "../store/store.ts";
import type { SettingsView } from "../views.ts";

export const DEFAULT_SETTINGS: SettingsView = {
  notifies: false,
  showsText: true,
  persistAskedAt: 0,
  lockAfterMinutes: 0,
  carriesFor: "contacts",
  relaysFor: "by-device",
  asksMembers: false,
  relayLimitMb: 200,
  relayingNotedAt: 0,
  protectionPutOffAt: 0,
};

const RELAYED = "relayed";

/** What this device relayed for others on one day. */
export interface RelayedToday {
  /** Days since 1970, local. */
  readonly day: number;
  readonly bytes: number;
  /** Names of who talked. */
  readonly pairs: readonly string[];
}

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

export async function readRelayed(store: Store): Promise<RelayedToday> {
  const row = await store.read(["settings"], (tx) => tx.get("settings", [RELAYED]));
  const [day = 0, bytes = 0, ...pairs] = typeof row === "string" ? row.split(" ") : [];
  return { day: Number(day), bytes: Number(bytes), pairs };
}

export async function writeRelayed(store: Store, { day, bytes, pairs }: RelayedToday): Promise<void> {
  await store.write(["settings"], "relaxed", async (tx) => {
    tx.put("settings", [RELAYED], [day, bytes, ...pairs].join(" "));
  });
}

async function read(tx: ReadTransaction): Promise<SettingsView> {
  const rows = await tx.range("settings", {});
  const chosen = rows.filter(({ key }) => key[0] !== RELAYED);
  const stored: Partial<SettingsView> = Object.fromEntries(chosen.map(({ key, value }) => [String(key[0]), value]));
  return { ...DEFAULT_SETTINGS, ...stored };
}
