/** A copy of the built app behind a server of its own, which can be stopped, started again on the same port, and given another build. */
import { appendFile, cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { OUTPUT_FOLDER } from "../../scripts/build-app.ts";
import { renewWorker } from "../../scripts/precache-list.ts";
import { readFingerprint } from "../../scripts/release-list.ts";
import { startStaticServer, type StaticServer } from "../../src/relay/static-server.ts";
import { allowContact } from "./run-network.ts";
import { temporaryFolder, type TemporaryFolder } from "./temporary-folder.ts";

const HOST = "127.0.0.1";

export class ServedBuild {
  /** With a slash at the end. */
  readonly url: string;
  readonly #folder: TemporaryFolder;
  readonly #relays: readonly string[];
  readonly #port: number;
  #server: StaticServer | undefined;

  private constructor(folder: TemporaryFolder, relays: readonly string[], server: StaticServer) {
    this.#folder = folder;
    this.#relays = relays;
    this.#server = server;
    this.#port = server.port;
    this.url = `http://localhost:${server.port}/`;
    allowContact(this.url);
  }

  /** Serves what `npm run build` made last, or another build. */
  static async start(relays: readonly string[], built = OUTPUT_FOLDER): Promise<ServedBuild> {
    const folder = await temporaryFolder();
    await cp(built, folder.path, { recursive: true });
    // Servers prefer these, and what follows changes the files they were made of.
    const packed = (await readdir(folder.path)).filter((name) => /\.(br|gz)$/.test(name));
    await Promise.all(packed.map(async (name) => rm(join(folder.path, name))));
    return new ServedBuild(folder, relays, await serve(folder.path, 0, relays));
  }

  /** Another build: its page carries the name in `<html data-build>`, and its worker the list of its files. */
  async rebuild(name: string): Promise<void> {
    const page = join(this.#folder.path, "index.html");
    const html = await readFile(page, "utf8");
    await writeFile(page, html.replace(/<html lang="en"[^>]*>/, `<html lang="en" data-build="${name}">`));
    await renewWorker(this.#folder.path);
  }

  /** Of what is served now. */
  fingerprint(): Promise<string> {
    return readFingerprint(this.#folder.path);
  }

  /** The host is in the middle of a change: the list of the release is still that of the build before. */
  async rebuildWithOldList(name: string): Promise<void> {
    const list = join(this.#folder.path, "SHA256SUMS");
    const old = await readFile(list);
    await this.rebuild(name);
    await writeFile(list, old);
  }

  /** The host is in the middle of a change: this file is not the one that the worker's list names. */
  async spoil(path: string): Promise<void> {
    await appendFile(join(this.#folder.path, path), "\n");
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
    this.#server = undefined;
  }

  async restart(): Promise<void> {
    await this.stop();
    this.#server = await serve(this.#folder.path, this.#port, this.#relays);
  }

  async dispose(): Promise<void> {
    await this.stop();
    await this.#folder.remove();
  }
}

function serve(folder: string, port: number, relays: readonly string[]): Promise<StaticServer> {
  return startStaticServer({ folder, host: HOST, port, networkConfig: () => ({ relays, iceServers: [] }) });
}
