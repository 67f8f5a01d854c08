/**
 * Notifications of the browser. They are made by the page; where its constructor is not allowed (Android), by the service worker's
 * registration if there is one, whose worker then posts `{ type: "notification-click", tag }` to the page.
 */
import { Listeners } from "./listeners.ts";

export type NotifyPermission = "granted" | "denied" | "default" | "unsupported";

export interface Notice {
  /** A notice replaces the one of the same tag. */
  readonly tag: string;
  readonly title: string;
  readonly body: string;
}

export interface Notifier {
  permission(): NotifyPermission;
  /** Asks the person. Only on their action. */
  ask(): Promise<NotifyPermission>;
  show(notice: Notice): void;
  close(tag: string): void;
  /** A notice was clicked; the page has come to the front. Returns the unsubscribe function. */
  onClick(listener: (tag: string) => void): () => void;
}

const ICON = "icon-180.png";

export function createNotifier(): Notifier {
  const clicked = new Listeners<[string]>();
  const open = new Map<string, Notification>();
  const come = (tag: string): void => {
    window.focus();
    clicked.tell(tag);
  };
  const workers = (navigator as Partial<Navigator>).serviceWorker;
  workers?.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    const tag = clickedTag(data);
    if (tag !== undefined) come(tag);
  });
  const permission = (): NotifyPermission => ("Notification" in window ? Notification.permission : "unsupported");

  const byWorker = async (work: (registration: ServiceWorkerRegistration) => Promise<void>): Promise<void> => {
    try {
      const registration = await workers?.getRegistration();
      if (registration !== undefined) await work(registration);
    } catch {
      // A notification that fails is no loss: the message stands in the list.
    }
  };

  return {
    permission,
    async ask() {
      if (permission() === "default") await Notification.requestPermission();
      return permission();
    },
    show({ tag, title, body }) {
      const options = { tag, body, icon: ICON };
      try {
        const notification = new Notification(title, options);
        open.set(tag, notification);
        notification.addEventListener("click", () => {
          notification.close();
          come(tag);
        });
      } catch {
        void byWorker((registration) => registration.showNotification(title, options));
      }
    },
    close(tag) {
      open.get(tag)?.close();
      open.delete(tag);
      void byWorker(async (registration) => {
        for (const notification of await registration.getNotifications({ tag })) notification.close();
      });
    },
    onClick: (listener) => clicked.add(listener),
  };
}

function clickedTag(data: unknown): string | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { type, tag } = data as Readonly<Record<string, unknown>>;
  return type === "notification-click" && typeof tag === "string" ? tag : undefined;
}
