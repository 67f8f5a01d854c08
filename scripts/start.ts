/** `npm start`: builds the app when its sources changed, serves it, and runs a relay beside it. */
import { address, parseFlags, portNumber } from "../src/relay/flags.ts";
import { loadKey } from "../src/relay/key-file.ts";
import { embeddedRelayConfig, type NetworkConfig } from "../src/relay/network-config.ts";
import { RELAY_DEFAULTS, startRelay } from "../src/relay/relay.ts";
import { runCommand, together } from "../src/relay/run-command.ts";
import { startStaticServer } from "../src/relay/static-server.ts";
import { startStunServer } from "../src/relay/stun-server.ts";
import { ensureBuilt, OUTPUT_FOLDER, STATE_FOLDER } from "./build-app.ts";

const LOOPBACK = "127.0.0.1";
const NO_RELAYS: NetworkConfig = { relays: [], iceServers: [] };

await runCommand("start", async () => {
  const flags = parseFlags({
    port: { type: "string", default: "4173" },
    "relay-port": { type: "string", default: "4174" },
    host: { type: "string", default: LOOPBACK },
    "no-relay": { type: "boolean", default: false },
    announce: { type: "string", multiple: true, default: [] },
  });
  const port = portNumber("port", flags.port);
  const relayPort = portNumber("relay-port", flags["relay-port"]);
  const announce = flags.announce.map((text) => address("announce", text));
  const relay = flags["no-relay"] ? undefined : await startEmbeddedRelay(relayPort, flags.host, announce);
  await ensureBuilt();
  const server = await startStaticServer({
    folder: OUTPUT_FOLDER,
    host: flags.host,
    port,
    networkConfig: (host) => (relay === undefined ? NO_RELAYS : embeddedRelayConfig(host, relay)),
  });
  console.log(`Kith ready: http://localhost:${server.port}`);
  return relay === undefined ? server : together(relay, server);
});

/** Open to other computers only when the app is. */
async function startEmbeddedRelay(port: number, appHost: string, announce: readonly string[]) {
  const isLocal = appHost === LOOPBACK || appHost === "localhost" || appHost === "::1";
  const host = isLocal ? LOOPBACK : "0.0.0.0";
  const relay = await startRelay({
    ...RELAY_DEFAULTS,
    key: await loadKey(`${STATE_FOLDER}/relay`),
    host,
    port,
    portFlag: "relay-port",
    announce,
  });
  for (const listening of relay.addresses) console.log(`relay listening: ${listening}`);
  // network.json names the port, so any will do.
  const stunOn = (udpPort: number) => startStunServer({ host, port: udpPort, portFlag: "relay-port" });
  const stun = await stunOn(relay.port).catch(() => stunOn(0));
  return { ...together(relay, stun), port: relay.port, peerId: relay.peerId, stunPort: stun.port, announce };
}
