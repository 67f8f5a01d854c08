/**
 * Looks after the storage: asks the browser to keep it once there is something to lose, and warns while there is still room to act.
 */
import type { MessengerEvent } from "../core/views.ts";
import type { AppPorts } from "./app-ports.ts";
import { fireAndForget } from "./fire-and-forget.ts";

/** Below this, what is being written may soon not fit. */
const LOW_SPACE_BYTES = 10_000_000;
const CHECK_PAUSE_MS = 5 * 60_000;
/** Some browsers ask the person: not more often than this. */
const ASK_AGAIN_MS = 30 * 24 * 60 * 60_000;
/** An own message younger than this was sent by the person just now. */
const JUST_NOW_MS = 5_000;

export interface GuardianNeeds {
  readonly ports: Pick<AppPorts, "messenger" | "storage" | "page">;
  readonly onLowSpace: () => void;
  readonly onFailure: (error: unknown) => void;
}

/** Returns what ends it. */
export function startGuardian({ ports, onLowSpace, onFailure }: GuardianNeeds): () => void {
  const { messenger, storage, page } = ports;
  let hasAsked = false;
  let hasWarned = false;

  const checkSpace = async (): Promise<void> => {
    const { usedBytes, quotaBytes } = await storage.estimate();
    // Who only looks leaves nothing here, not even a trial.
    if (usedBytes === undefined || usedBytes === 0 || quotaBytes === undefined) return;
    const isLow = quotaBytes - usedBytes < LOW_SPACE_BYTES || !(await storage.hasRoomFor(LOW_SPACE_BYTES));
    if (isLow && !hasWarned) onLowSpace();
    hasWarned = isLow;
  };
  const ask = async (): Promise<void> => {
    const [{ isPersisted }, { persistAskedAt }] = await Promise.all([storage.estimate(), messenger.settings()]);
    if (isPersisted || Date.now() - persistAskedAt < ASK_AGAIN_MS) return;
    await messenger.changeSettings({ persistAskedAt: Date.now() });
    await storage.askToPersist();
  };
  const handle = (event: MessengerEvent): void => {
    if (event.type === "store-trouble") fireAndForget(checkSpace(), onFailure);
    if (event.type !== "messages" || hasAsked) return;
    // The first message of a person is when there is something to lose, and an action of theirs.
    if (!event.upserts.some((message) => message.isOwn && Math.abs(Date.now() - message.writtenAt) < JUST_NOW_MS))
      return;
    hasAsked = true;
    fireAndForget(ask(), onFailure);
  };

  const check = (): void => fireAndForget(checkSpace(), onFailure);
  const timer = setInterval(check, CHECK_PAUSE_MS);
  const ends = [messenger.subscribe(handle), page.onVisible((isVisible) => isVisible && check())];
  check();
  return () => {
    clearInterval(timer);
    for (const end of ends) end();
  };
}
