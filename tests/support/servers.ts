/** The commands `npm run relay` and `npm run serve` as real processes on free ports. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { allowContact } from "./run-network.ts";

const ROOT = join(import.meta.dirname, "../..");
/** A server that has to build the app first takes its time. */
const START_LIMIT_MS = 60_000;

type Protocol = "ws" | "webrtc-direct";

/** A relay with a key and a port of its own, which it keeps over restarts. */
export class RelayServer {
  readonly address: string;
  readonly #port: number;
  readonly #folder: string;
  readonly #flags: readonly string[];
  readonly #protocol: Protocol;
  #process: ServerProcess;

  private constructor(process: ServerProcess, folder: string, flags: readonly string[], protocol: Protocol) {
    this.#process = process;
    this.address = process.answer;
    this.#port = Number(/\/(?:tcp|udp)\/(\d+)\//.exec(process.answer)?.[1]);
    this.#folder = folder;
    this.#flags = flags;
    this.#protocol = protocol;
  }

  /** Its address is the one that it tells for this protocol. */
  static async start(flags: readonly string[] = [], protocol: Protocol = "ws"): Promise<RelayServer> {
    const folder = await mkdtemp(join(tmpdir(), "kith-relay-"));
    const process = await startRelay(0, folder, flags, protocol);
    allowContact(process.answer);
    return new RelayServer(process, folder, flags, protocol);
  }

  /** Ends it without warning, as a crash does. */
  async kill(): Promise<void> {
    await this.#process.kill();
  }

  async restart(): Promise<void> {
    await this.kill();
    this.#process = await startRelay(this.#port, this.#folder, this.#flags, this.#protocol);
  }

  async dispose(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** The built app with a network.json that names these relays. */
export class AppServer {
  /** With a slash at the end. */
  readonly url: string;
  readonly #process: ServerProcess;

  private constructor(process: ServerProcess, url: string) {
    this.#process = process;
    this.url = url;
  }

  static async start(relays: readonly string[]): Promise<AppServer> {
    const flags = relays.flatMap((relay) => ["--relay", relay]);
    const process = await startProcess("scripts/serve.ts", ["--port", "0", ...flags], /^Kith ready: (\S+)$/);
    allowContact(process.answer);
    return new AppServer(process, `${process.answer}/`);
  }

  async dispose(): Promise<void> {
    await this.#process.kill();
  }
}

interface ServerProcess {
  /** What it said when it was ready. */
  readonly answer: string;
  kill(): Promise<void>;
}

function startRelay(
  port: number,
  folder: string,
  flags: readonly string[],
  protocol: Protocol,
): Promise<ServerProcess> {
  const ports = protocol === "ws" ? ["--port", String(port)] : ["--port", "0", "--webrtc-port", String(port)];
  const ready = protocol === "ws" ? /^relay listening: (\S+)$/ : /^relay listening: (\S+\/webrtc-direct\/\S+)$/;
  return startProcess("scripts/relay.ts", [...ports, "--data", folder, ...flags], ready);
}

async function startProcess(script: string, args: readonly string[], ready: RegExp): Promise<ServerProcess> {
  const child = spawn(process.execPath, [join(ROOT, script), ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const errors: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => errors.push(chunk.toString()));
  const answer = new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${script} is not ready: ${errors.join("")}`)), START_LIMIT_MS);
    createInterface({ input: child.stdout }).on("line", (line) => {
      const found = ready.exec(line)?.[1];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    });
    child.once("exit", (status) => {
      clearTimeout(timer);
      reject(new Error(`${script} ended with ${String(status)}: ${errors.join("")}`));
    });
  });
  try {
    return { answer: await answer, kill: () => end(child) };
  } catch (error) {
    await end(child);
    throw error;
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}
