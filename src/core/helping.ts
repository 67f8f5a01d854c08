/** Relaying for contacts and, if the person chose that, for members of common groups: whether it is on now, what it may cost a day, and what it came to today. */
import type { CoreContext } from "./conversations/core-context.ts";
import { readRelayed, type RelayedToday, writeRelayed } from "./conversations/settings.ts";
import type { RelayConditions } from "./relay-conditions.ts";
import type { RelayedBytes, RelayingRules } from "./transport/transport.ts";
import type { HelpsNow, RelayingView, SettingsView } from "./views.ts";

const DAY_MS = 24 * 60 * 60_000;
const MINUTE_MS = 60_000;
const BYTES_PER_MB = 1_000_000;
/** Told about once a second while something moves, written less often. */
const WRITE_AFTER_MS = 5_000;
/** More are not told apart. */
const MAX_PAIRS = 200;
/** Of the day's limit, that members who are no contacts use none of. */
const KEPT_FOR_CONTACTS_SHARE = 0.5;
/** Of a peer key, to tell pairs apart. */
const KEY_DIGITS = 8;

export interface HelpingEffects {
  setRules(rules: RelayingRules): void;
  /** The view changed; `helps`: who may ask now. */
  changed(helps: HelpsNow): void;
}

type HelpingCore = Pick<CoreContext, "clock" | "store" | "fireAndForget">;
type Chosen = Pick<SettingsView, "relaysFor" | "relayLimitMb">;

export class Helping {
  readonly #core: HelpingCore;
  readonly #conditions: RelayConditions;
  readonly #effects: HelpingEffects;
  #chosen: Chosen = { relaysFor: "nobody", relayLimitMb: 0 };
  #today: RelayedToday = { day: 0, bytes: 0, pairs: [] };
  #isWriting = false;
  #isWaitingForMidnight = false;

  constructor(core: HelpingCore, conditions: RelayConditions, effects: HelpingEffects) {
    this.#core = core;
    this.#conditions = conditions;
    this.#effects = effects;
    conditions.onChange(() => this.#apply());
  }

  get view(): Omit<RelayingView, "helpedBy"> {
    const { relaysFor, relayLimitMb } = this.#chosen;
    const { isPhone } = this.#conditions;
    const choice = relaysFor === "by-device" ? (isPhone ? "nobody" : "contacts") : relaysFor;
    const obstacle = this.#conditions.obstacle();
    const limitBytes = relayLimitMb * BYTES_PER_MB;
    const { bytes, pairs } = this.#today;
    const state = choice === "nobody" ? "off" : obstacle !== "none" ? obstacle : bytes >= limitBytes ? "used-up" : "on";
    return { choice, state, conversations: pairs.length, bytes, limitBytes };
  }

  /** Before the transport starts. */
  async load(chosen: Chosen): Promise<void> {
    this.#today = await readRelayed(this.#core.store);
    this.choose(chosen);
  }

  choose(chosen: Chosen): void {
    this.#chosen = chosen;
    this.#apply();
  }

  onRelayed({ bytes, pairs }: RelayedBytes): void {
    this.#beginDay();
    const before = this.#helps();
    const named = pairs.map((pair) =>
      pair
        .map((key) => key.slice(0, KEY_DIGITS))
        .toSorted()
        .join("-"),
    );
    const all = [...new Set([...this.#today.pairs, ...named])].slice(0, MAX_PAIRS);
    this.#today = { ...this.#today, bytes: this.#today.bytes + bytes, pairs: all };
    if (this.#helps() === before) this.#effects.changed(before);
    else this.#apply();
    if (!this.#isWriting) this.#core.fireAndForget(this.#write());
    if (!this.#isWaitingForMidnight) this.#core.fireAndForget(this.#untilMidnight());
  }

  #apply(): void {
    this.#beginDay();
    const { choice, state, limitBytes, bytes } = this.view;
    this.#effects.setRules({
      isOn: state === "on",
      bytesLeft: Math.max(0, limitBytes - bytes),
      ...(choice === "anyone" ? { keptForContacts: limitBytes * KEPT_FOR_CONTACTS_SHARE } : {}),
    });
    this.#effects.changed(this.#helps());
  }

  #helps(): HelpsNow {
    const { choice, state, limitBytes, bytes } = this.view;
    if (state !== "on") return "nobody";
    const isKept = limitBytes - bytes <= limitBytes * KEPT_FOR_CONTACTS_SHARE;
    return choice === "anyone" && isKept ? "contacts" : choice;
  }

  #beginDay(): void {
    const day = this.#day();
    if (this.#today.day !== day) this.#today = { day, bytes: 0, pairs: [] };
  }

  /** Of the local calendar. */
  #day(): number {
    return Math.floor(this.#localNow() / DAY_MS);
  }

  #localNow(): number {
    const now = this.#core.clock.now();
    return now - new Date(now).getTimezoneOffset() * MINUTE_MS;
  }

  async #untilMidnight(): Promise<void> {
    this.#isWaitingForMidnight = true;
    await this.#core.clock.delay(DAY_MS - (this.#localNow() % DAY_MS));
    this.#isWaitingForMidnight = false;
    this.#apply();
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    await this.#core.clock.delay(WRITE_AFTER_MS);
    this.#isWriting = false;
    await writeRelayed(this.#core.store, this.#today);
  }
}
