/** The only file that joins core and adapters. Store and network are opened when they are first needed, not when this is loaded. */
import { version } from "../package.json";
import { openIndexedDbStore } from "./adapters/indexeddb/indexeddb-store.ts";
import { DATABASE_NAME } from "./adapters/indexeddb/schema.ts";
import { createCodeScanner } from "./adapters/media/code-scanner.ts";
import { createPictureScaler } from "./adapters/media/picture-scaler.ts";
import { askEarly } from "./adapters/platform/asked-early.ts";
import { browserClock } from "./adapters/platform/browser-clock.ts";
import { deferTransport } from "./adapters/platform/deferred-transport.ts";
import { fetchNetworkConfig } from "./adapters/platform/network-config.ts";
import { createNotifier } from "./adapters/platform/notifier.ts";
import { createPageLife } from "./adapters/platform/page-life.ts";
import { platformPasskeys } from "./adapters/platform/passkeys.ts";
import { createRelayConditions } from "./adapters/platform/relay-conditions.ts";
import { createReleaseInfo } from "./adapters/platform/release-info.ts";
import { createStorageInfo } from "./adapters/platform/storage-info.ts";
import { createTabLock } from "./adapters/platform/tab-lock.ts";
import { createSuite } from "./core/crypto/real-suite.ts";
import { createMessenger } from "./core/messenger.ts";
import { deferStore } from "./core/store/deferred-store.ts";
import type { StretchPassphrase } from "./core/vault/ports.ts";
import { createVault } from "./core/vault/vault.ts";
import type { AppPorts } from "./state/app-ports.ts";

const PROBE_TIMEOUT_MS = 5_000;
const LOCAL_HOSTS: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

export async function createApp(): Promise<AppPorts> {
  const clock = browserClock;
  const appUrl = new URL("./", document.baseURI);
  let iceServers: readonly string[] = [];
  const askConfig = (signal: AbortSignal) => fetchNetworkConfig(new URL("network.json", appUrl), signal);
  const startConfig = askEarly(clock, askConfig);
  const loadTransport = () => import("./adapters/libp2p/libp2p-transport.ts");
  const transport = deferTransport(clock, async (signal) => {
    const [{ createLibp2pTransport }, config] = await Promise.all([loadTransport(), startConfig(signal)]);
    iceServers = config.iceServers.flatMap(({ urls }) => urls);
    return createLibp2pTransport({ ...config, allowInsecure: LOCAL_HOSTS.has(appUrl.hostname), clock });
  });
  const scripts = Array.from(document.scripts, ({ src }) => src);
  const release = createReleaseInfo(version, appUrl, [...scripts, import.meta.url]);
  const storeClosed = new AbortController();
  const lock = createTabLock();
  const storage = createStorageInfo(DATABASE_NAME);
  const stretch: StretchPassphrase = async (...request) =>
    (await import("./adapters/platform/stretcher.ts")).stretchInWorker(...request);
  const vault = createVault({
    clock,
    stretch,
    passkeys: platformPasskeys,
    onTrouble: (error) => reportError(error),
  });
  const messenger = createMessenger({
    store: deferStore(async () => {
      const opening = openIndexedDbStore({ onClosed: (reason) => storeClosed.abort(reason) });
      // The network is needed next, and opening is mostly waiting. Whether it could be loaded is asked when it starts.
      loadTransport().catch(() => undefined);
      const raw = await opening;
      return vault.open(raw, async (locked) =>
        (await import("./ui/locked.tsx")).askToUnlock(locked, { lock, storage }),
      );
    }),
    storeClosed: storeClosed.signal,
    transport,
    clock,
    suite: createSuite(),
    stretch,
    relayConditions: createRelayConditions(),
    hasRoomFor: (bytes) => storage.hasRoomFor(bytes),
    appUrl: appUrl.href,
    release: async () => {
      const fingerprint = await release.fingerprint();
      return fingerprint === undefined ? undefined : { version, fingerprint };
    },
    reportBug: (error) => reportError(error),
  });
  return {
    messenger,
    lock,
    vault,
    storage,
    notifier: createNotifier(),
    page: createPageLife(),
    release,
    scanner: createCodeScanner(),
    probe: {
      async look() {
        const [{ probeConnection }, { iceServers }] = await Promise.all([
          import("./adapters/connection-probe.ts"),
          askConfig(AbortSignal.timeout(PROBE_TIMEOUT_MS)),
        ]);
        return probeConnection(iceServers);
      },
    },
    iceServers: () => iceServers,
    pictures: createPictureScaler(),
  };
}
