/** Many peers on one relay, in one or a few processes: the app's own node, gate and reservations, without a browser. */
import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { generateKeyPairFromSeed } from "@libp2p/crypto/keys";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
import type { Happening, Order } from "./crowd-process.ts";

/** So many start at a time: the relay is not to be measured by a rush that no crowd makes by itself. */
const STARTING_AT_ONCE = 12;

interface Member {
  readonly peerKey: string;
  readonly peerId: string;
}

export class Crowd {
  readonly members: Member[] = [];
  readonly happenings: Happening[] = [];
  readonly #relay: string;
  readonly #processes: readonly ChildProcess[];
  readonly #reserved = new Set<number>();
  readonly #changes = new EventTarget();

  constructor(relay: string, processes = 1) {
    this.#relay = relay;
    this.#processes = Array.from({ length: processes }, () => fork(join(import.meta.dirname, "crowd-process.ts")));
    for (const child of this.#processes) child.on("message", (happening: Happening) => this.#note(happening));
  }

  /** How many hold a reservation now. */
  get reserved(): number {
    return this.#reserved.size;
  }

  /** Adds peers; resolves when all of them have a reservation. */
  async grow(count: number, limitMs: number): Promise<void> {
    const end = Date.now() + limitMs;
    for (let added = 0; added < count; added += 1) {
      await this.add();
      const isRoom = (): boolean => this.reserved + STARTING_AT_ONCE > this.members.length;
      await this.until(isRoom, end - Date.now());
    }
    await this.until(() => this.reserved >= this.members.length, end - Date.now());
  }

  /** One more, who may get a reservation or not. Its index. */
  async add(): Promise<number> {
    const seed = randomBytes(32);
    const key = await generateKeyPairFromSeed("Ed25519", seed);
    const index = this.members.length;
    this.members.push({
      peerKey: Buffer.from(key.publicKey.raw).toString("hex"),
      peerId: peerIdFromPrivateKey(key).toString(),
    });
    this.#order(index, { kind: "start", index, seed: seed.toString("hex"), relay: this.#relay });
    return index;
  }

  /** Has one call the other through the relay; an "answered" or "unanswered" of the caller follows. */
  call(caller: number, called: number): void {
    const peer = this.members[called]?.peerKey ?? "";
    this.#order(caller, { kind: "call", index: caller, peer });
  }

  /** Which indices something happened to since `atMs`. */
  whoSince(atMs: number, kind: Happening["kind"]): ReadonlySet<number> {
    return new Set(this.since(atMs, kind).map(({ index }) => index));
  }

  remove(index: number): void {
    this.#order(index, { kind: "stop", index });
  }

  /** What happened since `atMs`, in the order of time. */
  since(atMs: number, kind: Happening["kind"]): readonly Happening[] {
    const found = this.happenings.filter((happening) => happening.kind === kind && happening.atMs >= atMs);
    return found.toSorted((left, right) => left.atMs - right.atMs);
  }

  async until(condition: () => boolean, limitMs: number): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`not within ${limitMs} ms; ${this.reserved} of ${this.members.length} have reserved`)),
        limitMs,
      );
      const look = (): void => {
        if (!condition()) return;
        clearTimeout(timer);
        this.#changes.removeEventListener("change", look);
        resolve();
      };
      this.#changes.addEventListener("change", look);
    });
  }

  async dispose(): Promise<void> {
    await Promise.all(
      this.#processes.map(async (child) => {
        const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
        child.kill("SIGKILL");
        await gone;
      }),
    );
  }

  #order(index: number, order: Order): void {
    this.#processes[index % this.#processes.length]?.send(order);
  }

  #note(happening: Happening): void {
    this.happenings.push(happening);
    if (happening.kind === "reserved") this.#reserved.add(happening.index);
    else if (happening.kind === "lost") this.#reserved.delete(happening.index);
    this.#changes.dispatchEvent(new Event("change"));
  }
}
