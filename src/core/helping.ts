/** Relaying for contacts: whether it is on now, what it may cost a day, and what it came to today. */
import type { CoreContext } from "./conversations/core-context.ts";
import { readRelayed, type RelayedToday, writeRelayed } from "./conversations/settings.ts";
import type { RelayConditions } from "./relay-conditions.ts";
import type { RelayedBytes, RelayingRules } from "./transport/transport.ts";
import type { RelayingView, SettingsView } from "./views.ts";

const DAY_MS = 24 * 60 * 60_000;
const MINUTE_MS = 60_000;
const BYTES_PER_MB = 1_000_000;
/** Told about once a second while something moves, written less often. */
const WRITE_AFTER_MS = 5_000;
/** More are not told apart. */
const MAX_PAIRS = 200;
/** Of a peer key, to tell pairs apart. */
const KEY_DIGITS = 8;

export interface HelpingEffects {
  setRules(rules: RelayingRules): void;
  /** The view changed; `helps`: whether contacts may ask. */
  changed(helps: boolean): void;
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

  get view(): RelayingView {
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
    const wasOn = this.view.state === "on";
    const named = pairs.map((pair) =>
      pair
        .map((key) => key.slice(0, KEY_DIGITS))
        .toSorted()
        .join("-"),
    );
    const all = [...new Set([...this.#today.pairs, ...named])].slice(0, MAX_PAIRS);
    this.#today = { ...this.#today, bytes: this.#today.bytes + bytes, pairs: all };
    const isOn = this.view.state === "on";
    if (wasOn && !isOn) this.#apply();
    else this.#effects.changed(isOn);
    if (!this.#isWriting) this.#core.fireAndForget(this.#write());
    if (!this.#isWaitingForMidnight) this.#core.fireAndForget(this.#untilMidnight());
  }

  #apply(): void {
    this.#beginDay();
    const { state, limitBytes, bytes } = this.view;
    this.#effects.setRules({ isOn: state === "on", bytesLeft: Math.max(0, limitBytes - bytes) });
    this.#effects.changed(state === "on");
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
