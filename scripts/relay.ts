/** `npm run relay`: a rendezvous relay alone, on all interfaces. */
import { readFile } from "node:fs/promises";
import { loadCertificate } from "../src/relay/certificate-file.ts";
import { CommandError, messageOf } from "../src/relay/command-error.ts";
import { address, parseFlags, portNumber, wholeNumber } from "../src/relay/flags.ts";
import { loadKey } from "../src/relay/key-file.ts";
import { RELAY_DEFAULTS, startRelay, type RelayOptions } from "../src/relay/relay.ts";
import { runCommand, together } from "../src/relay/run-command.ts";
import { startStunServer, type StunServer } from "../src/relay/stun-server.ts";

const MAX_SECONDS = 7 * 24 * 3600;

await runCommand("relay", async () => {
  const flags = parseFlags({
    port: { type: "string", default: "4174" },
    data: { type: "string", default: ".kith/relay" },
    announce: { type: "string", multiple: true, default: [] },
    "circuit-bytes": { type: "string", default: String(RELAY_DEFAULTS.circuitBytes) },
    "circuit-seconds": { type: "string", default: String(RELAY_DEFAULTS.circuitSeconds) },
    "circuits-per-peer": { type: "string", default: String(RELAY_DEFAULTS.circuitsPerPeer) },
    reservations: { type: "string", default: String(RELAY_DEFAULTS.reservations) },
    cert: { type: "string" },
    key: { type: "string" },
    "webrtc-port": { type: "string" },
    "stun-port": { type: "string" },
    "no-stun": { type: "boolean", default: false },
  });
  const options: Omit<RelayOptions, "key" | "tls" | "webrtc"> = {
    host: "0.0.0.0",
    port: portNumber("port", flags.port),
    portFlag: "port",
    announce: flags.announce.map((text) => address("announce", text)),
    circuitBytes: wholeNumber("circuit-bytes", flags["circuit-bytes"], 1),
    circuitSeconds: wholeNumber("circuit-seconds", flags["circuit-seconds"], 1, MAX_SECONDS),
    circuitsPerPeer: wholeNumber("circuits-per-peer", flags["circuits-per-peer"], 1),
    reservations: wholeNumber("reservations", flags.reservations, 1),
  };
  // The same number as over TCP, so that one is to be opened and remembered; any free one where any free one was asked for.
  const stunPort = portNumber("stun-port", flags["stun-port"] ?? flags.port);
  const tls = await readTls(flags.cert, flags.key);
  const key = await loadKey(flags.data);
  const webrtc = await readWebrtc(flags["webrtc-port"], flags.data);
  const relay = await startRelay({
    ...options,
    key,
    ...(tls === undefined ? {} : { tls }),
    ...(webrtc === undefined ? {} : { webrtc }),
  });
  for (const listening of relay.addresses) console.log(`relay listening: ${listening}`);
  const stun = flags["no-stun"] ? undefined : await startStun(options.host, stunPort, flags["stun-port"] !== undefined);
  if (stun === undefined) return relay;
  console.log(`stun listening: udp port ${stun.port}`);
  return together(relay, stun);
});

/** Without STUN a relay is still a relay: a taken port ends the command only when it was asked for. */
async function startStun(host: string, port: number, isAskedFor: boolean): Promise<StunServer | undefined> {
  try {
    return await startStunServer({ host, port, portFlag: "stun-port" });
  } catch (error) {
    if (isAskedFor || !(error instanceof CommandError)) throw error;
    console.error(`kith relay: no STUN: UDP ${error.message}`);
    return undefined;
  }
}

async function readWebrtc(port: string | undefined, folder: string): Promise<RelayOptions["webrtc"]> {
  if (port === undefined) return undefined;
  const portFlag = "webrtc-port";
  return { port: portNumber(portFlag, port), portFlag, certificate: await loadCertificate(folder) };
}

async function readTls(certFile: string | undefined, keyFile: string | undefined): Promise<RelayOptions["tls"]> {
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined || keyFile === undefined) throw new CommandError("--cert and --key go together");
  try {
    return { cert: await readFile(certFile, "utf8"), key: await readFile(keyFile, "utf8") };
  } catch (error) {
    throw new CommandError(`cannot read the certificate: ${messageOf(error)}`, { cause: error });
  }
}
