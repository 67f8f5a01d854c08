/** `npm run relay`: a rendezvous relay alone, on all interfaces. */
import { readFile } from "node:fs/promises";
import { CommandError, messageOf } from "../src/relay/command-error.ts";
import { address, parseFlags, portNumber, wholeNumber } from "../src/relay/flags.ts";
import { loadKey } from "../src/relay/key-file.ts";
import { RELAY_DEFAULTS, startRelay, type RelayOptions } from "../src/relay/relay.ts";
import { runCommand } from "../src/relay/run-command.ts";

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
  });
  const options: Omit<RelayOptions, "key" | "tls"> = {
    host: "0.0.0.0",
    port: portNumber("port", flags.port),
    portFlag: "port",
    announce: flags.announce.map((text) => address("announce", text)),
    circuitBytes: wholeNumber("circuit-bytes", flags["circuit-bytes"], 1),
    circuitSeconds: wholeNumber("circuit-seconds", flags["circuit-seconds"], 1, MAX_SECONDS),
    circuitsPerPeer: wholeNumber("circuits-per-peer", flags["circuits-per-peer"], 1),
    reservations: wholeNumber("reservations", flags.reservations, 1),
  };
  const tls = await readTls(flags.cert, flags.key);
  const relay = await startRelay({ ...options, key: await loadKey(flags.data), ...(tls === undefined ? {} : { tls }) });
  for (const listening of relay.addresses) console.log(`relay listening: ${listening}`);
  return relay;
});

async function readTls(certFile: string | undefined, keyFile: string | undefined): Promise<RelayOptions["tls"]> {
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined || keyFile === undefined) throw new CommandError("--cert and --key go together");
  try {
    return { cert: await readFile(certFile, "utf8"), key: await readFile(keyFile, "utf8") };
  } catch (error) {
    throw new CommandError(`cannot read the certificate: ${messageOf(error)}`, { cause: error });
  }
}
