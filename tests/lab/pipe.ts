/**
 * Runs in a page: round trips and throughput over anything that carries bytes in order, the same for a bare data channel and for a link of
 * Kith's transport. A transfer goes on over another carrier where the one before was replaced.
 */
export interface Carrier {
  /** Resolves when it can take more. Rejects when it is gone. */
  send(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}

const HEAD_BYTES = 9;
const CHUNK_BYTES = 16_000;
const ECHO_BYTES = 200;
const LOST_MS = 20_000;

const Kind = { echo: 1, echoed: 2, begin: 3, data: 4, ask: 5, have: 6, greeting: 7 } as const;

export class Pipe {
  #carrier: Carrier | undefined;
  #pending = new Uint8Array(0);
  #expected = 0;
  #onReplaced: () => void = () => undefined;
  /** Of the carrier now: resolves when another one takes its place. */
  #isReplaced = Promise.resolve();
  #answered: { readonly kind: number; readonly resolve: (number: number) => void } | undefined;

  /** From now on bytes go over this one. */
  use(carrier: Carrier): void {
    this.#carrier = carrier;
    this.#pending = new Uint8Array(0);
    this.#onReplaced();
    this.#isReplaced = new Promise((resolve) => {
      this.#onReplaced = resolve;
    });
    // Whoever waits for an answer on the old one asks again.
    this.#answered?.resolve(-1);
  }

  /** Says something that asks for nothing. */
  greet(): void {
    this.#say(Kind.greeting, 0, 0);
  }

  hear(bytes: Uint8Array): void {
    let rest = bytes;
    if (this.#pending.length > 0) {
      rest = new Uint8Array(this.#pending.length + bytes.length);
      rest.set(this.#pending);
      rest.set(bytes, this.#pending.length);
    }
    while (rest.length >= HEAD_BYTES) {
      const view = new DataView(rest.buffer, rest.byteOffset, rest.length);
      const size = HEAD_BYTES + view.getUint32(5);
      if (rest.length < size) break;
      this.#take(view.getUint8(0), view.getUint32(1));
      rest = rest.subarray(size);
    }
    this.#pending = rest.slice();
  }

  /** Milliseconds of each round trip of 200 bytes, one after the other. */
  async roundTrips(count: number): Promise<number[]> {
    const times: number[] = [];
    for (let index = 0; index < count; index += 1) {
      const startedAt = performance.now();
      if ((await this.#ask(Kind.echo, Kind.echoed, index, ECHO_BYTES)) !== index) continue;
      times.push(performance.now() - startedAt);
    }
    return times;
  }

  /** Sends so many bytes; milliseconds until the other end said that it has them all. */
  async push(bytes: number): Promise<number> {
    const chunks = Math.ceil(bytes / CHUNK_BYTES);
    const startedAt = performance.now();
    let next = await this.#ask(Kind.begin, Kind.have, 0, 0);
    while (next < chunks) {
      if (next < 0) {
        next = await this.#ask(Kind.ask, Kind.have, 0, 0);
        continue;
      }
      const carrier = this.#carrier;
      try {
        while (next < chunks && carrier === this.#carrier) {
          // A circuit that is used up takes nothing more until it ends; what sync sends goes over the new one meanwhile, and so does this.
          const sent = carrier?.send(frame(Kind.data, next, CHUNK_BYTES));
          sent?.catch(() => undefined);
          await Promise.race([sent, this.#isReplaced]);
          next += 1;
        }
      } catch {
        await this.#replaced(carrier);
      }
      next = await this.#ask(Kind.ask, Kind.have, 0, 0);
    }
    return performance.now() - startedAt;
  }

  /** The answer's number; -1 when another carrier came meanwhile. */
  async #ask(kind: number, answer: number, number: number, size: number): Promise<number> {
    const answered = new Promise<number>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("the other end does not answer")), LOST_MS);
      this.#answered = {
        kind: answer,
        resolve: (value) => {
          clearTimeout(timer);
          this.#answered = undefined;
          resolve(value);
        },
      };
    });
    // One that is gone is replaced, which answers -1.
    this.#carrier?.send(frame(kind, number, size)).catch(() => undefined);
    return answered;
  }

  async #replaced(old: Carrier | undefined): Promise<void> {
    for (const endsAt = performance.now() + LOST_MS; this.#carrier === old;) {
      if (performance.now() > endsAt) throw new Error("nothing took the place of what carried the transfer");
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  #take(kind: number, number: number): void {
    if (kind === Kind.echo) this.#say(Kind.echoed, number, ECHO_BYTES);
    else if (kind === Kind.data) {
      if (number === this.#expected) this.#expected += 1;
    } else if (kind === Kind.begin || kind === Kind.ask) {
      if (kind === Kind.begin) this.#expected = 0;
      this.#say(Kind.have, this.#expected, 0);
    } else if (kind === this.#answered?.kind) this.#answered.resolve(number);
  }

  #say(kind: number, number: number, size: number): void {
    this.#carrier?.send(frame(kind, number, size)).catch(() => undefined);
  }
}

function frame(kind: number, number: number, size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEAD_BYTES + size);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, kind);
  view.setUint32(1, number);
  view.setUint32(5, size);
  return bytes;
}
