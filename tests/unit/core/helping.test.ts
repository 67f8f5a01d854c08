/** Whether a device relays for its contacts, by choice, device, line and what the day came to. */
import { expect, test } from "vitest";
import { Helping } from "../../../src/core/helping.ts";
import type { RelayConditions, RelayObstacle } from "../../../src/core/relay-conditions.ts";
import type { PeerKey } from "../../../src/core/codec/ids.ts";
import type { RelayingRules } from "../../../src/core/transport/transport.ts";
import type { HelpsNow, SettingsView } from "../../../src/core/views.ts";
import { CoreWorld } from "../../support/core-world.ts";

const MB = 1_000_000;
const HOUR_MS = 60 * 60_000;
const key = (digit: string): PeerKey => digit.repeat(64) as PeerKey;
const PAIR = [key("a"), key("b")] as const;

class Conditions implements RelayConditions {
  readonly isPhone: boolean;
  now: RelayObstacle = "none";
  #listener: () => void = () => undefined;

  constructor(isPhone = false) {
    this.isPhone = isPhone;
  }

  obstacle(): RelayObstacle {
    return this.now;
  }

  onChange(listener: () => void): () => void {
    this.#listener = listener;
    return () => undefined;
  }

  become(obstacle: RelayObstacle): void {
    this.now = obstacle;
    this.#listener();
  }
}

type Chosen = Pick<SettingsView, "relaysFor" | "relayLimitMb">;

async function scene(chosen: Partial<Chosen> = {}, conditions = new Conditions()) {
  const world = new CoreWorld();
  const alice = await world.person("Alice");
  const rules: RelayingRules[] = [];
  const told: HelpsNow[] = [];
  const core = {
    clock: world.clock,
    store: alice.store,
    fireAndForget: (work: Promise<unknown>) => void work.catch((error: unknown) => world.bugs.push(error)),
  };
  const start = async (): Promise<Helping> => {
    const helping = new Helping(core, conditions, {
      setRules: (next) => rules.push(next),
      changed: (helps) => told.push(helps),
    });
    await helping.load({ relaysFor: "by-device", relayLimitMb: 5, ...chosen });
    return helping;
  };
  return { world, conditions, rules, told, start, helping: await start() };
}

test("relays for contacts unless told otherwise, on a phone for nobody", async () => {
  expect((await scene()).rules.at(-1)).toEqual({ isOn: true, bytesLeft: 5 * MB });
  const onPhone = await scene({}, new Conditions(true));
  expect(onPhone.rules.at(-1)?.isOn).toBe(false);
  expect(onPhone.helping.view).toMatchObject({ choice: "nobody", state: "off" });
  onPhone.helping.choose({ relaysFor: "contacts", relayLimitMb: 5 });
  expect(onPhone.rules.at(-1)?.isOn).toBe(true);
});

test("ends in the same turn when it is switched off, and contacts are told", async () => {
  const { helping, rules, told } = await scene();
  helping.choose({ relaysFor: "nobody", relayLimitMb: 5 });
  expect(rules.at(-1)?.isOn).toBe(false);
  expect(told.at(-1)).toBe("nobody");
  expect(helping.view.state).toBe("off");
});

test.each(["metered", "low-battery", "hidden-phone"] as const)(
  "is off while the device is %s, whatever was chosen",
  async (obstacle) => {
    const { helping, conditions, rules } = await scene({ relaysFor: "contacts" });
    conditions.become(obstacle);
    expect(rules.at(-1)?.isOn).toBe(false);
    expect(helping.view).toMatchObject({ choice: "contacts", state: obstacle });
    conditions.become("none");
    expect(rules.at(-1)?.isOn).toBe(true);
  },
);

test("counts whom it helped and how much, stops at the limit of the day, and begins anew with the next", async () => {
  const { helping, rules, told, world } = await scene();
  helping.onRelayed({ bytes: 2 * MB, pairs: [PAIR] });
  helping.onRelayed({
    bytes: MB,
    pairs: [
      [PAIR[1], PAIR[0]],
      [PAIR[0], key("c")],
    ],
  });
  expect(helping.view).toMatchObject({ state: "on", conversations: 2, bytes: 3 * MB });
  helping.onRelayed({ bytes: 2 * MB, pairs: [] });
  expect(helping.view.state).toBe("used-up");
  expect(rules.at(-1)).toEqual({ isOn: false, bytesLeft: 0 });
  expect(told.at(-1)).toBe("nobody");
  await world.clock.advance(24 * HOUR_MS);
  expect(helping.view).toMatchObject({ state: "on", conversations: 0, bytes: 0 });
  expect(rules.at(-1)).toEqual({ isOn: true, bytesLeft: 5 * MB });
  expect(world.bugs).toEqual([]);
});

test("for anyone, half of the day's limit is kept for contacts, and members hear when their half is over", async () => {
  const { helping, rules, told } = await scene({ relaysFor: "anyone" });
  expect(rules.at(-1)).toEqual({ isOn: true, bytesLeft: 5 * MB, keptForContacts: 2.5 * MB });
  expect(told.at(-1)).toBe("anyone");
  helping.onRelayed({ bytes: 3 * MB, pairs: [PAIR] });
  expect(told.at(-1)).toBe("contacts");
  expect(rules.at(-1)).toEqual({ isOn: true, bytesLeft: 2 * MB, keptForContacts: 2.5 * MB });
  helping.choose({ relaysFor: "contacts", relayLimitMb: 5 });
  expect(rules.at(-1)).toEqual({ isOn: true, bytesLeft: 2 * MB });
});

test("a higher limit lets it go on at once", async () => {
  const { helping, rules } = await scene();
  helping.onRelayed({ bytes: 6 * MB, pairs: [PAIR] });
  helping.choose({ relaysFor: "contacts", relayLimitMb: 10 });
  expect(rules.at(-1)).toEqual({ isOn: true, bytesLeft: 4 * MB });
});

test("a restart forgets nothing of the day, and grants it no second limit", async () => {
  const { helping, start, rules, world } = await scene();
  helping.onRelayed({ bytes: 4 * MB, pairs: [PAIR] });
  await world.clock.advance(10_000);
  const again = await start();
  expect(again.view).toMatchObject({ conversations: 1, bytes: 4 * MB });
  expect(rules.at(-1)).toEqual({ isOn: true, bytesLeft: MB });
});
