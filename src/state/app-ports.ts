/**
 * PORTS of the screen: what the models need from the page and the platform besides the messenger. `compose.ts` joins them with their
 * adapters; tests bring fakes. Adapters match these shapes and import nothing from here.
 */
import type { Vault } from "../core/vault/vault.ts";
import type { Messenger } from "../core/views.ts";

/** At most one tab of this origin writes. */
export interface TabLock {
  /** Tries once and never waits for the other tab. */
  acquire(): Promise<"held" | "elsewhere">;
  /** Takes the lock from whoever holds it. Resolves once it is held here. */
  steal(): Promise<void>;
  /** Another tab stole the lock. Called at most once per hold. Returns the unsubscribe function. */
  onLost(listener: () => void): () => void;
}

export interface StorageEstimate {
  /** Undefined where the browser does not say. */
  readonly usedBytes: number | undefined;
  readonly quotaBytes: number | undefined;
  /** Whether the browser promised not to clear it by itself. */
  readonly isPersisted: boolean;
}

export interface StorageInfo {
  estimate(): Promise<StorageEstimate>;
  /** Whether so many bytes could be stored now. True where the browser lets nobody try; leaves nothing behind. */
  hasRoomFor(bytes: number): Promise<boolean>;
  /** Asks the browser to keep the storage; it may ask the person. Resolves with its answer. */
  askToPersist(): Promise<boolean>;
  /** Nothing was ever stored here, or nothing is left. */
  isEmpty(): Promise<boolean>;
  /** Whether a profile was here, as told by a mark outside of the store. */
  hadProfile(): boolean;
  noteProfile(): void;
  /** Leaves nothing of this origin behind. The messenger must be stopped. Rejects if another tab does not let go. */
  erase(): Promise<void>;
  /** Another tab erased everything. Returns the unsubscribe function. */
  onErased(listener: () => void): () => void;
}

export type NotifyPermission = "granted" | "denied" | "default" | "unsupported";

/** Notifications of the system. At most one per tag. */
export interface Notifier {
  permission(): NotifyPermission;
  /** Asks the person. Only on their action. */
  ask(): Promise<NotifyPermission>;
  show(notice: { readonly tag: string; readonly title: string; readonly body: string }): void;
  close(tag: string): void;
  /** A notice was clicked; the page has come to the front. Returns the unsubscribe function. */
  onClick(listener: (tag: string) => void): () => void;
}

/** The life of the page. Every `on…` returns its unsubscribe function. */
export interface PageLife {
  isVisible(): boolean;
  isOnline(): boolean;
  onVisible(listener: (isVisible: boolean) => void): () => void;
  /** The page may have slept (frozen, or hidden for a while) and is back. */
  onWake(listener: () => void): () => void;
  onOnline(listener: (isOnline: boolean) => void): () => void;
  /** The page is being left. Only what is started synchronously has a chance. */
  onLeave(listener: () => void): () => void;
  /** The page was left and came back as it was: what `onLeave` ended is gone. */
  onReturn(listener: () => void): () => void;
  reload(): void;
}

/** Reads QR codes with the camera. */
export interface CodeScanner {
  /**
   * Asks for the camera, shows its picture in `video` and calls back with each text that is read, until the signal aborts. Resolves with
   * why it ended; the camera is off then.
   */
  scan(
    video: HTMLVideoElement,
    onText: (text: string) => void,
    signal: AbortSignal,
  ): Promise<"stopped" | "denied" | "no-camera">;
}

/** Whether UDP gets out of this network and back. "no-server": none is configured that could tell. */
export type UdpFinding = "works" | "blocked" | "no-server" | "no-network" | "no-webrtc";

/** "asks-first": there, and the browser asks the person at the first use. */
export type DeviceFinding = "ready" | "asks-first" | "blocked" | "none";

export interface ProbeFindings {
  readonly udp: UdpFinding;
  readonly camera: DeviceFinding;
  readonly microphone: DeviceFinding;
}

/** Tries what works from here, when a person asks for it. */
export interface NetworkProbe {
  /** Asks the configured STUN servers, and the person nothing. A few seconds at most. */
  look(): Promise<ProbeFindings>;
}

/** Makes small pictures of large ones. */
export interface PictureScaler {
  /** The middle of a picture as a square WebP or JPEG of at most `maxBytes`; undefined for what this browser cannot read. */
  scale(file: Blob, maxBytes: number): Promise<Uint8Array | undefined>;
}

/** Other builds of the app. */
export interface AppUpdates {
  /** Another build is complete on this device. May be called more than once. */
  onReady(listener: () => void): void;
  /** The worker of another build has taken over, for every tab: what this page has not loaded yet may be gone. Called at most once. */
  onReplaced(listener: () => void): void;
  /** Changes to the other build: `onReplaced` follows. */
  apply(): void;
}

/** Which build of Kith runs here. */
export interface ReleaseInfo {
  readonly version: string;
  /** The release fingerprint, 64 hex digits; undefined where it is not known. Never rejects. */
  fingerprint(): Promise<string | undefined>;
}

export interface AppPorts {
  readonly messenger: Messenger;
  readonly lock: TabLock;
  readonly vault: Omit<Vault, "open">;
  readonly storage: StorageInfo;
  readonly notifier: Notifier;
  readonly page: PageLife;
  readonly release: ReleaseInfo;
  readonly scanner: CodeScanner;
  readonly probe: NetworkProbe;
  /** URLs of the STUN and TURN servers in use, as the host of the page names them; none until the network is started. */
  readonly iceServers: () => readonly string[];
  readonly pictures: PictureScaler;
}
