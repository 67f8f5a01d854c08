/** The screen over a messenger in memory: `?script=full|groups|first-run|empty`, `&lock=elsewhere|broken`, `&cleared`, `&held`, `&rtl`, `&unprotected`, `&locked`, `&nolist`. Handles for tests on `window.kith`. */
import { render } from "preact";
import { createPictureScaler } from "../../src/adapters/media/picture-scaler.ts";
import type { AppPorts } from "../../src/state/app-ports.ts";
import { createAppModel } from "../../src/state/app.ts";
import { App } from "../../src/ui/App.tsx";
import { askToUnlock } from "../../src/ui/locked.tsx";
import "../../src/ui/styles/index.css";
import { type FakeMessenger } from "./fake-messenger.ts";
import { threadView } from "./fake-views.ts";
import { fakeVault } from "./fake-vault.ts";
import { scriptedMessenger, type ScriptName } from "./screen-scripts.ts";

export interface ScreenHandles {
  readonly messenger: FakeMessenger;
  readonly threadView: typeof threadView;
  loseLock(): void;
  setVisible(isVisible: boolean): void;
}

declare global {
  interface Window {
    kith: ScreenHandles;
  }
}

const query = new URLSearchParams(window.location.search);
if (query.has("rtl")) document.documentElement.dir = "rtl";
const messenger = scriptedMessenger((query.get("script") as ScriptName | null) ?? "full");
const draft = window.sessionStorage.getItem("draft");
if (draft !== null)
  for (const thread of messenger.threadsById.values())
    if (thread.view.name === "Bob") thread.view = { ...thread.view, draft };
messenger.subscribe((event) => {
  if (event.type === "thread" && event.thread.name === "Bob")
    window.sessionStorage.setItem("draft", event.thread.draft);
});

let isVisible = true;
let onVisible: ((isVisible: boolean) => void) | undefined;
let onLost: (() => void) | undefined;

const ports: AppPorts = {
  messenger,
  lock: {
    acquire() {
      if (query.get("lock") === "broken") return Promise.reject(new Error("locks do not work"));
      return Promise.resolve(query.get("lock") === "elsewhere" ? "elsewhere" : "held");
    },
    steal: () => Promise.resolve(),
    onLost(listener) {
      onLost = listener;
      return () => undefined;
    },
  },
  vault: fakeVault(!query.has("unprotected")),
  storage: {
    estimate: () => Promise.resolve({ usedBytes: 1_234_567, quotaBytes: 1_000_000_000, isPersisted: false }),
    hasRoomFor: () => Promise.resolve(true),
    askToPersist: () => Promise.resolve(false),
    isEmpty: () => Promise.resolve(false),
    hadProfile: () => query.has("cleared"),
    noteProfile: () => undefined,
    erase: () => (query.has("held") ? Promise.reject(new Error("A tab keeps the data open")) : Promise.resolve()),
    onErased: () => () => undefined,
  },
  notifier: {
    permission: () => "denied",
    ask: () => Promise.resolve("denied"),
    show: () => undefined,
    close: () => undefined,
    onClick: () => () => undefined,
  },
  iceServers: () => query.getAll("ice"),
  scanner: { scan: () => Promise.resolve("no-camera") },
  probe: { look: () => Promise.resolve({ udp: "blocked", camera: "blocked", microphone: "none" }) },
  pictures: createPictureScaler(),
  page: {
    isVisible: () => isVisible,
    isOnline: () => true,
    onVisible(listener) {
      onVisible = listener;
      return () => undefined;
    },
    onWake: () => () => undefined,
    onOnline: () => () => undefined,
    onLeave: () => () => undefined,
    onReturn: () => () => undefined,
    reload: () => window.location.reload(),
  },
  release: {
    version: "0.1.0",
    fingerprint: () => Promise.resolve(query.has("nolist") ? undefined : "0123456789abcdef".repeat(4)),
  },
};

window.kith = {
  messenger,
  threadView,
  loseLock: () => onLost?.(),
  setVisible(next) {
    isVisible = next;
    onVisible?.(next);
  },
};

const root = document.getElementById("root");
if (root === null) throw new Error("screen.html has no #root");
if (query.has("locked")) {
  await askToUnlock({ hasPasskey: true, unlock: () => Promise.resolve("wrong") }, ports);
}
const app = createAppModel(window, () => Promise.resolve(ports));
app.start();
render(<App app={app} />, root);
