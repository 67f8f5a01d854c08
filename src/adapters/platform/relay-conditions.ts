/** What speaks against relaying for others here, as the browser tells: a metered line, a battery that runs low, a phone in the pocket. */
import type { RelayConditions, RelayObstacle } from "../../core/relay-conditions.ts";
import { Listeners } from "./listeners.ts";

/** Below this share a battery that is not charging is low. */
const LOW_BATTERY = 0.3;

/** What not every browser has, and TypeScript therefore not. */
interface MoreNavigator {
  readonly connection?: EventTarget & { readonly saveData?: boolean; readonly type?: string };
  readonly userAgentData?: { readonly mobile?: boolean };
  getBattery?(): Promise<EventTarget & { readonly level: number; readonly charging: boolean }>;
}

export function createRelayConditions(
  source: MoreNavigator & Pick<Navigator, "userAgent"> = navigator,
  page: Pick<Document, "hidden" | "addEventListener"> = document,
): RelayConditions {
  const changed = new Listeners<[]>();
  const isPhone = source.userAgentData?.mobile ?? /Android|iPhone|iPad|Mobile/.test(source.userAgent);
  let isBatteryLow = false;
  const { connection } = source;
  connection?.addEventListener("change", () => changed.tell());
  page.addEventListener("visibilitychange", () => changed.tell());
  const watchBattery = async (): Promise<void> => {
    const battery = await source.getBattery?.();
    if (battery === undefined) return;
    const look = (): void => {
      isBatteryLow = !battery.charging && battery.level < LOW_BATTERY;
      changed.tell();
    };
    battery.addEventListener("levelchange", look);
    battery.addEventListener("chargingchange", look);
    look();
  };
  // Where it is not allowed, nothing is known of the battery.
  watchBattery().catch(() => undefined);

  return {
    isPhone,
    obstacle(): RelayObstacle {
      if (connection?.saveData === true || connection?.type === "cellular") return "metered";
      if (isBatteryLow) return "low-battery";
      return isPhone && page.hidden ? "hidden-phone" : "none";
    },
    onChange: (listener) => changed.add(listener),
  };
}
