/** The whole screen's state: joins the models, and hands them what the messenger tells. */
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { InviteId, Messenger, MessengerEvent, NetworkView, ProfileView, ThreadId } from "../core/views.ts";
import { createAnnouncer, type Announcer } from "./announcer.ts";
import type { AppPorts, AppUpdates } from "./app-ports.ts";
import { createAppearance, type AppearanceModel } from "./appearance.ts";
import { keepBadge } from "./badge.ts";
import { copyAndTell } from "./clipboard.ts";
import type { ConversationModel } from "./conversation.ts";
import { createDialogs, type Dialog, type ShownDialog } from "./dialogs.ts";
import { createEvents } from "./app-events.ts";
import { createErasing, type Erasing } from "./erasing.ts";
import { fireAndForget } from "./fire-and-forget.ts";
import { createFirstRun, type FirstRunModel } from "./first-run.ts";
import { createInstall, type InstallModel } from "./install.ts";
import { createInviteArrival, type InviteArrival } from "./invite-arrival.ts";
import { createNavigation, type Navigation } from "./navigation.ts";
import { createOpenConversation } from "./open-conversation.ts";
import { createSession, type Phase } from "./session.ts";
import { createSlowness } from "./slowness.ts";
import { createThreads, type ThreadsModel } from "./threads.ts";
import { createTroubles, type Troubles } from "./troubles.ts";
import { createUpdates, type UpdatesModel } from "./updates.ts";
import { createViewport, type Viewport } from "./viewport.ts";

const CLOCK_TICK_MS = 20_000;

export interface AppModel extends Troubles {
  readonly phase: ReadonlySignal<Phase>;
  readonly ports: ReadonlySignal<AppPorts | undefined>;
  readonly profile: ReadonlySignal<ProfileView | undefined>;
  readonly network: ReadonlySignal<NetworkView>;
  /** Becoming reachable takes longer than it should. */
  readonly isNetworkSlow: ReadonlySignal<boolean>;
  readonly threads: ThreadsModel;
  readonly conversation: ReadonlySignal<ConversationModel | undefined>;
  readonly navigation: Navigation;
  readonly viewport: Viewport;
  readonly appearance: AppearanceModel;
  readonly announcer: Announcer;
  readonly updates: UpdatesModel;
  readonly install: InstallModel;
  readonly arrival: InviteArrival;
  readonly firstRun: FirstRunModel;
  /** The first run ends with the profile that is made; if none is, it goes on. */
  enter(make: (messenger: Messenger) => Promise<ProfileView | undefined>): Promise<void>;
  readonly dialog: ReadonlySignal<ShownDialog | undefined>;
  /** Milliseconds since 1970, a little coarse. */
  readonly now: ReadonlySignal<number>;
  start(): void;
  useHere(): void;
  reload(): void;
  openDialog(dialog: Dialog): void;
  closeDialog(): void;
  acceptArrival(): void;
  openThread(thread: ThreadId): void;
  /** The invite that is on the screen now: its acceptance closes the dialog. */
  offer(invite: InviteId | undefined): void;
  readonly erasing: Erasing;
  /** Puts text on the clipboard and says so. */
  copy(text: string): void;
  /** For the developer's console. */
  readonly report: (error: unknown) => void;
}

export function createAppModel(
  window: Window,
  load: () => Promise<AppPorts>,
  loadUpdates?: () => Promise<AppUpdates>,
): AppModel {
  const ports = signal<AppPorts | undefined>(undefined);
  const openMessenger = signal<Messenger | undefined>(undefined);
  const profile = signal<ProfileView | undefined>(undefined);
  const network = signal<NetworkView>({ reachability: { kind: "connecting", tried: 0 }, relays: [] });
  const { telling, ...troubles } = createTroubles();
  const { trouble, fail } = troubles;
  const now = signal(Date.now());
  const threads = createThreads();
  const announcer = createAnnouncer();
  const navigation = createNavigation(window);
  const viewport = createViewport(window);
  let offered: InviteId | undefined;

  const openThread = (thread: ThreadId): void => {
    dialogs.reset();
    const messenger = openMessenger.value;
    if (threads.get(thread) === undefined && messenger !== undefined) {
      fireAndForget(messenger.threads().then(threads.replaceAll), fail);
    }
    navigation.open(thread);
  };
  const erasing = createErasing(window, telling("not-erased"));
  const arrival = createInviteArrival({
    messenger: () => openMessenger.value,
    invite: () => navigation.invite.value,
    forget: navigation.forgetInvite,
    open: openThread,
    onFailure: fail,
  });

  const dialogs = createDialogs(() => session.phase.value.kind === "ready", arrival, navigation);

  const handle = (event: MessengerEvent): void => {
    events.handle(event);
    conversations.current.value?.handle(event);
    session.handle(event);
  };

  const reload = (): void => window.location.reload();
  const phaseKind = (): string => session.phase.value.kind;
  const updates = createUpdates(loadUpdates, {
    // A tab that waits has not read the store; one that could not load at all may be mended by another build.
    hasProfile: () => phaseKind() !== "first-run" && (ports.value?.storage.hadProfile() ?? true),
    isElsewhere: () => phaseKind() === "elsewhere",
    reload,
  });
  const session = createSession(load, {
    onPorts(loaded) {
      ports.value = loaded;
      loaded.messenger.subscribe(handle);
      loaded.storage.onErased(erasing.startAnew);
      followPage(loaded, () => void (erasing.hasBegun() || conversations.flushDrafts()), fail);
    },
    async onOpen(opened) {
      const messenger = ports.value?.messenger;
      if (messenger === undefined) return;
      profile.value = opened;
      network.value = messenger.network();
      if (opened !== undefined) threads.replaceAll(await messenger.threads());
      openMessenger.value = messenger;
    },
    onOffline: telling("network-start"),
    isReplaced: updates.isReplaced,
    onFailure: (error) => reportError(error),
    unsent: () => conversations.current.value?.composer.text.value ?? "",
  });

  const events = createEvents({
    profile,
    network,
    trouble,
    threads,
    announcer,
    open: openThread,
    isExpected: (invite) =>
      (dialogs.shown.value === "invite" && invite === offered) ||
      (dialogs.shown.value === undefined &&
        !viewport.isNarrow.value &&
        navigation.thread.value === undefined &&
        threads.list.value.length <= 1),
    leave(thread) {
      conversations.forget(thread);
      if (navigation.thread.value !== thread) return;
      dialogs.reset();
      navigation.up();
    },
  });
  const openable = computed(() => {
    const id = navigation.thread.value;
    return session.phase.value.kind === "ready" && id !== undefined && threads.get(id) !== undefined ? id : undefined;
  });
  const conversations = createOpenConversation({
    ports: () => ports.value,
    thread: () => openable.value,
    threads,
    announcer,
    onFailure: fail,
  });

  const enter: AppModel["enter"] = async (make) => {
    const messenger = openMessenger.value;
    if (messenger === undefined) return;
    await session.open();
    const made = await make(messenger);
    if (made === undefined) return;
    profile.value = made;
    threads.replaceAll(await messenger.threads());
    await arrival.accept();
    session.begin();
    await updates.watch();
  };

  return {
    phase: session.phase,
    ports,
    profile,
    network,
    isNetworkSlow: createSlowness(() => network.value.reachability.kind === "connecting").isSlow,
    threads,
    conversation: conversations.current,
    navigation,
    viewport,
    appearance: createAppearance(window.document, () => window.localStorage),
    announcer,
    updates,
    install: createInstall(window),
    arrival,
    firstRun: createFirstRun((name) => enter((messenger) => messenger.register(name)), fail),
    enter,
    dialog: dialogs.shown,
    erasing,
    ...troubles,
    now,
    start() {
      setInterval(() => {
        now.value = Date.now();
      }, CLOCK_TICK_MS);
      keepBadge(window.navigator, () => (session.phase.value.kind === "ready" ? threads.unread.value : undefined));
      fireAndForget(session.start().then(updates.watch), fail);
    },
    useHere: () => fireAndForget(session.useHere().then(updates.watch), fail),
    reload,
    openDialog: dialogs.open,
    closeDialog: dialogs.close,
    acceptArrival: () => fireAndForget(arrival.accept(), fail),
    openThread,
    offer(invite) {
      offered = invite;
    },
    copy: (text) => fireAndForget(copyAndTell(window.navigator, text, announcer), fail),
    report: (error) => reportError(error),
  };
}

/** What the life of the page means for the messenger. */
function followPage({ messenger, page }: AppPorts, flushDrafts: () => void, fail: (error: unknown) => void): void {
  page.onWake(() => messenger.wake());
  page.onOnline((isOnline) => messenger.setOnline(isOnline));
  page.onReturn(page.reload);
  page.onLeave(() => {
    flushDrafts();
    fireAndForget(messenger.stop(), fail);
  });
}
