import { writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { connect, getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterEach, beforeEach, expect, test } from "vitest";
import { echoed, relayClient, type RelayClient } from "../../support/relay-client.ts";
import { startCommand, type RunningCommand } from "../../support/running-command.ts";
import { type SelfSigned, selfSigned } from "../../../src/relay/self-signed.ts";
import { temporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";

const LISTENING = /^relay listening: (\S+)$/m;

let folder: TemporaryFolder;
let credentials: SelfSigned;
let command: RunningCommand;
const clients: RelayClient[] = [];
const trusted = getCACertificates("default");

beforeEach(async () => {
  folder = await temporaryFolder();
  credentials = selfSigned("relay.example");
  await writeFile(file("cert.pem"), credentials.cert);
  await writeFile(file("key.pem"), credentials.key);
});

afterEach(async () => {
  setDefaultCACertificates(trusted);
  await Promise.all(clients.splice(0).map(async ({ node }) => node.stop()));
  await command.stop("SIGKILL");
  await folder.remove();
});

function file(name: string): string {
  return join(folder.path, name);
}

async function startTlsRelay(): Promise<string> {
  const tls = ["--cert", file("cert.pem"), "--key", file("key.pem")];
  command = startCommand("scripts/relay.ts", ["--port", "0", "--data", folder.path, ...tls]);
  return command.waitFor(LISTENING);
}

async function client(listenOn?: string): Promise<RelayClient> {
  const created = await relayClient(listenOn);
  clients.push(created);
  if (listenOn !== undefined) await created.reserve(listenOn);
  return created;
}

function portOf(address: string): number {
  return Number(/\/tcp\/(\d+)\//.exec(address)?.[1]);
}

test("a relay with a certificate says so in its address, and carries circuits over wss", async () => {
  const address = await startTlsRelay();
  expect(address).toMatch(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/tls\/ws\/p2p\/12D3Koo\w+$/);
  setDefaultCACertificates([credentials.cert]);
  const bob = await client(address);
  const alice = await client();
  const connection = await alice.call(address, bob);
  expect(String(connection.remoteAddr)).toContain("/tls/ws/");
  const stream = await alice.openEcho(connection);
  const hello = new TextEncoder().encode("hello over tls");
  expect(await echoed(stream, hello)).toEqual(Buffer.from(hello));
});

test("shows the certificate it was given, over TLS 1.2 or newer", async () => {
  const socket = connect({ port: portOf(await startTlsRelay()), host: "127.0.0.1", ca: credentials.cert });
  await new Promise<void>((resolve, reject) => {
    socket.once("secureConnect", resolve);
    socket.once("error", reject);
  });
  const shown = socket.getPeerX509Certificate()?.toString();
  const version = socket.getProtocol();
  socket.destroy();
  expect(shown).toBe(credentials.cert);
  expect(["TLSv1.2", "TLSv1.3"]).toContain(version);
});

test("a client that does not trust the certificate is not connected, and a plain request gets no answer", async () => {
  const address = await startTlsRelay();
  const alice = await relayClient();
  clients.push(alice);
  const outcome = alice.connect(address).then(
    () => "connected",
    () => "refused",
  );
  expect(await outcome).toBe("refused");
  setDefaultCACertificates([credentials.cert]);
  await expect(alice.connect(address)).resolves.toBeDefined();
  const plain = new Promise<number | undefined>((resolve, reject) => {
    const asked = request({ port: portOf(address), host: "127.0.0.1" }, ({ statusCode }) => resolve(statusCode));
    asked.once("error", reject);
    asked.end();
  });
  await expect(plain).rejects.toThrow(/socket hang up|ECONNRESET/);
});
