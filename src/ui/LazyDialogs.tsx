/**
 * Loads the dialogs, what runs beside the screen, and the parts of the screen that few need, when the first dialog is asked for, or
 * before that once the page is idle.
 */
import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import type { MessageView, ThreadView } from "../core/views.ts";
import type { AppModel } from "../state/app.ts";
import type { AppPorts } from "../state/app-ports.ts";
import { fireAndForget } from "../state/fire-and-forget.ts";
import type { MenuProps } from "./components/Menu.tsx";

interface DialogsProps {
  readonly app: AppModel;
}

/** What such a part is about, by what it is. */
interface Subject {
  readonly thread?: ThreadView | undefined;
  readonly message?: MessageView | undefined;
  readonly menu?: MenuProps | undefined;
}

export interface LaterProps extends DialogsProps, Subject {
  readonly ports: AppPorts;
}

type Place =
  | "change"
  | "dialogs"
  | "install"
  | "instead"
  | "list"
  | "menu"
  | "name"
  | "notices"
  | "picture"
  | "restore"
  | "waiting";

/** The dialogs, and parts of the screen by the place where they stand. */
type Loaded = Readonly<Record<Place, ComponentType<LaterProps>>>;

const loaded = signal<Loaded | undefined>(undefined);

function load(fail: (error: unknown) => void): void {
  if (loaded.value !== undefined) return;
  const work = import("./screens/Dialogs.tsx").then((module) => {
    loaded.value = module.lazy;
  });
  fireAndForget(work, fail);
}

/** Loaded ahead of the first use; if that fails, the first use tries again and tells. */
function useLoadAhead(): void {
  useEffect(() => {
    const loadQuietly = (): void => load(() => undefined);
    // Safari has no requestIdleCallback.
    if ("requestIdleCallback" in window) window.requestIdleCallback(loadQuietly);
    else setTimeout(loadQuietly);
  }, []);
}

/** A part of the screen that comes with the dialogs; nothing until then. */
export function Later({ app, at, ...subject }: DialogsProps & Subject & { readonly at: Place }) {
  const Part = loaded.value?.[at];
  const ports = app.ports.value;
  useLoadAhead();
  return Part && ports ? <Part app={app} ports={ports} {...subject} /> : null;
}

export function LazyDialogs({ app }: DialogsProps) {
  const isWanted = app.dialog.value !== undefined;
  useEffect(() => {
    if (isWanted) load(app.fail);
  }, [isWanted]);
  useLoadAhead();
  // Not through `Later`: what stands deeper is drawn later, and a dialog has to be gone before what it opened takes the focus.
  const Dialogs = loaded.value?.dialogs;
  const ports = app.ports.value;
  return Dialogs && ports ? <Dialogs app={app} ports={ports} /> : null;
}
