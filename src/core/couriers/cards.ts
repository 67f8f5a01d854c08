/**
 * Cards held and given (PROTOCOL, Couriers): which contacts carry for this account, the keys that parcels are sealed to, and the newest
 * card of every contact. In memory as in the store; changed only after the commit.
 */
import { bytesToHex } from "../codec/bytes.ts";
import type { AccountId } from "../codec/ids.ts";
import type { CoreContext } from "../conversations/core-context.ts";
import { SerialQueue } from "../conversations/serial-queue.ts";
import type { CardRow, CourierKeyRow, OwnCardRow } from "../store/courier-tables.ts";
import { StoreFullError } from "../store/store.ts";
import { decodeCard, deviceOfCard, encodeCard, MAX_COURIERS } from "./card.ts";
import { NamedCouriers } from "./named-couriers.ts";
import { courierMark, encodeToken } from "./token.ts";

const DAY_MS = 24 * 60 * 60_000;
/** How long a depositor may use a token, and a parcel lies at most. */
export const PARCEL_LIFE_MS = 30 * DAY_MS;
/** Then a card is renewed, with another key and fresh tokens. */
const CARD_AGE_MS = 7 * DAY_MS;
const KEY_SEED_BYTES = 32;
/** What one depositor may have lying at one courier. */
const TOKEN_PARCELS = 5;
const TOKEN_BYTES_ALLOWED = 512 * 1024;

type CardsCore = Pick<CoreContext, "clock" | "directory" | "store" | "suite">;

export class Cards {
  readonly #core: CardsCore;
  readonly #lastHeardOf: (account: AccountId) => number | undefined;
  readonly #named: NamedCouriers;
  readonly #held = new Map<AccountId, CardRow>();
  readonly #keys = new Map<number, CourierKeyRow>();
  readonly #renewing = new SerialQueue();
  #own: OwnCardRow | undefined;

  constructor(core: CardsCore, lastHeardOf: (account: AccountId) => number | undefined) {
    this.#core = core;
    this.#named = new NamedCouriers(core.suite);
    this.#lastHeardOf = lastHeardOf;
  }

  async load(): Promise<void> {
    const { identity } = this.#core.directory;
    if (identity === undefined) return;
    await this.#core.store.read(["courierKeys", "ownCards", "cards"], async (tx) => {
      const [keys, own, cards] = await Promise.all([
        tx.range("courierKeys", { prefix: [identity.account] }),
        tx.get("ownCards", [identity.account]),
        tx.range("cards", {}),
      ]);
      this.#own = own;
      for (const { key, value } of keys) this.#keys.set(Number(key[1]), value);
      for (const { key, value } of cards) this.#held.set(String(key[0]) as AccountId, value);
    });
  }

  /** The newest card of a contact, while the device that made it is listed. */
  of(account: AccountId): CardRow | undefined {
    const card = this.#held.get(account);
    return card !== undefined && this.#isListed(account, card.device) ? card : undefined;
  }

  /** 0 if there is none. */
  numberOf(account: AccountId): number {
    return this.of(account)?.number ?? 0;
  }

  get ownNumber(): number {
    return this.#own?.number ?? 0;
  }

  seedOf(keyNumber: number): Uint8Array | undefined {
    return this.#keys.get(keyNumber)?.seed;
  }

  /** Contacts that can be left something for this one, with their tokens that are still good. */
  couriersFor(recipient: AccountId): readonly { readonly courier: AccountId; readonly token: Uint8Array }[] {
    const { clock, directory } = this.#core;
    const card = this.of(recipient);
    if (card === undefined) return [];
    const able = [...directory.contacts.keys()].filter((account) => account !== recipient && this.isContact(account));
    return this.#named.among(able, card, directory.self.account, clock.now());
  }

  /** Whether this contact is among them. Asked for all recipients at each meeting, so not by going through all contacts. */
  isCourierFor(recipient: AccountId, courier: AccountId): boolean {
    const { clock, directory } = this.#core;
    const card = this.of(recipient);
    if (card === undefined || courier === recipient || !this.isContact(courier)) return false;
    return this.#named.among([courier], card, directory.self.account, clock.now()).length > 0;
  }

  /** Confirmed and not blocked. */
  isContact(account: AccountId): boolean {
    const { contacts, blocked } = this.#core.directory;
    return contacts.get(account)?.isConfirmed === true && !blocked.has(account);
  }

  /** Takes a contact's card in; whether it was newer than the one held. @throws DecodeError */
  async take(account: AccountId, bytes: Uint8Array): Promise<boolean> {
    const { directory, store, suite } = this.#core;
    // Their list may be another than the one held here: a card of a device that is not on it is passed over.
    if (!this.#isListed(account, deviceOfCard(bytes))) return false;
    const card = decodeCard(
      suite,
      {
        account,
        holder: directory.self.account,
        logKeyOf: (device) => directory.logKeyOf(device),
      },
      bytes,
    );
    const { number, device, carries, keyNumber, publicKey, tokens } = card;
    if (number <= this.numberOf(account)) return false;
    const row = { number, device, carries, keyNumber, publicKey, tokens };
    const isKept = await store.write(["cards", "contacts"], "relaxed", async (tx) => {
      // A contact that is being deleted leaves nothing behind.
      if ((await tx.get("contacts", [account])) === undefined) return false;
      tx.put("cards", [account], row);
      return true;
    });
    if (isKept) this.#held.set(account, row);
    return isKept;
  }

  forget(account: AccountId): void {
    this.#held.delete(account);
  }

  /** The own card as this contact gets it. */
  ownFor(holder: AccountId): Uint8Array | undefined {
    const own = this.#own;
    const key = own && this.#keys.get(own.keyNumber);
    if (own === undefined || key === undefined) return undefined;
    const { clock, directory, suite } = this.#core;
    const { account, device, logSeed } = directory.self;
    const expiresAt = Math.floor((clock.now() + PARCEL_LIFE_MS) / 1_000) * 1_000;
    const tokens = own.couriers
      .filter((courier) => courier !== holder)
      .map((courier) =>
        encodeToken(suite, logSeed, {
          courier: courierMark(suite, courier, holder),
          depositor: holder,
          recipient: account,
          device,
          parcels: TOKEN_PARCELS,
          bytes: TOKEN_BYTES_ALLOWED,
          expiresAt,
        }),
      );
    const { number, carries, keyNumber } = own;
    const publicKey = suite.kemPublicKey(key.seed);
    return encodeCard(suite, logSeed, { device, number, holder, carries, keyNumber, publicKey, tokens });
  }

  /** Makes the own card say what holds now. Whether it changed. */
  renew(carries: boolean): Promise<boolean> {
    return this.#renewing.run(() => this.#renew(carries));
  }

  async #renew(carries: boolean): Promise<boolean> {
    const { clock, directory, store, suite } = this.#core;
    const { account, device } = directory.self;
    const own = this.#own?.device === device ? this.#own : undefined;
    const now = clock.now();
    const couriers = this.#choose(own?.couriers ?? []);
    // A clock that was set back must not keep a card alive.
    const isFresh = own !== undefined && Math.abs(now - own.madeAt) < CARD_AGE_MS && this.#keys.has(own.keyNumber);
    if (isFresh && own.carries === carries && isSame(own.couriers, couriers)) return false;
    const newKey = isFresh ? undefined : { seed: suite.random(KEY_SEED_BYTES), createdAt: now };
    const keyNumber = newKey === undefined ? (own?.keyNumber ?? 1) : Math.max(0, ...this.#keys.keys()) + 1;
    const row = {
      number: Math.max((this.#own?.number ?? 0) + 1, now),
      carries,
      couriers,
      keyNumber,
      madeAt: isFresh ? own.madeAt : now,
      device,
    };
    const old = [...this.#keys].filter(([, key]) => now - key.createdAt > CARD_AGE_MS + PARCEL_LIFE_MS);
    const writing = store.write(["courierKeys", "ownCards"], "relaxed", async (tx) => {
      if (newKey !== undefined) tx.put("courierKeys", [account, keyNumber], newKey);
      for (const [number] of old) tx.delete("courierKeys", [account, number]);
      tx.put("ownCards", [account], row);
    });
    if (!(await hadRoom(writing))) return false;
    if (newKey !== undefined) this.#keys.set(keyNumber, newKey);
    for (const [number] of old) if (number !== keyNumber) this.#keys.delete(number);
    this.#own = row;
    return true;
  }

  #choose(current: readonly AccountId[]): readonly AccountId[] {
    const canCarry = (account: AccountId): boolean => this.isContact(account) && this.of(account)?.carries === true;
    const heard = (account: AccountId): number =>
      this.#lastHeardOf(account) ?? this.#core.directory.contacts.get(account)?.lastHeard ?? 0;
    const others = [...this.#core.directory.contacts.keys()]
      .filter((account) => canCarry(account) && !current.includes(account))
      .toSorted((a, b) => heard(b) - heard(a));
    return [...current.filter(canCarry), ...others].slice(0, MAX_COURIERS);
  }

  #isListed(account: AccountId, device: string): boolean {
    const listed = this.#core.directory.devicesOf(account)?.devices ?? [];
    return listed.some((candidate) => candidate.device === device);
  }
}

function isSame(a: readonly AccountId[], b: readonly AccountId[]): boolean {
  return a.length === b.length && a.every((account, index) => account === b[index]);
}

/** False on a full disk, which must not keep parcels from leaving it. */
async function hadRoom(writing: Promise<void>): Promise<boolean> {
  try {
    await writing;
    return true;
  } catch (error) {
    if (error instanceof StoreFullError) return false;
    throw error;
  }
}

/** 32 hex digits that nobody used before. */
export function newParcelId(core: Pick<CoreContext, "suite">): string {
  return bytesToHex(core.suite.random(16));
}
