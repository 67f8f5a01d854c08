/** What becomes of each frame of couriers that is tampered with, and how three people come to send it: see sync/tampered-frames. */
import { FRAME, type Frame } from "../../src/core/sync/frames.ts";
import type { CorePerson } from "./core-world.ts";
import { Stage, type Story, type Told } from "./frame-stories.ts";
import { befriend, MEET_MS } from "./three-contacts.ts";
import type { Instead } from "./wire-meddler.ts";

interface Cast {
  readonly alice: CorePerson;
  readonly bob: CorePerson;
  readonly carol: CorePerson;
}

async function cast({ world }: Stage): Promise<Cast> {
  const [alice, bob] = await world.pair();
  const carol = await world.person("Carol");
  await befriend(world, alice, carol);
  await befriend(world, bob, carol);
  await world.clock.advance(5_000);
  return { alice, bob, carol };
}

/** `before` is past when the frame is waited for; `happens` leads to it. */
function story(
  [from, to]: readonly [keyof Cast, keyof Cast],
  happens: (people: Cast, stage: Stage) => Promise<unknown>,
  before: (people: Cast, stage: Stage) => Promise<unknown> = () => Promise.resolve(),
  follows?: (frame: Frame) => boolean,
): Story {
  return async (type: number, instead: Instead): Promise<Told> => {
    const stage = new Stage(type, instead);
    const people = await cast(stage);
    await before(people, stage);
    await stage.arm(people[from], follows);
    await happens(people, stage);
    return stage.told(people[to]);
  };
}

const opens = async (person: CorePerson): Promise<void> => {
  await person.open();
  await person.messenger.connect();
};

/** Carol is away, and Alice writes to her. */
const writes = async ({ alice, carol }: Cast): Promise<void> => {
  await carol.messenger.stop();
  await alice.send("Carol", "for Carol");
};

const written = async (people: Cast, { world }: Stage): Promise<void> => {
  await writes(people);
  await world.clock.advance(15_000);
};

/** Carol took the parcel while Alice was away, and is gone again. */
const taken = async (people: Cast, stage: Stage): Promise<void> => {
  await written(people, stage);
  await people.alice.messenger.stop();
  await opens(people.carol);
  await stage.world.clock.advance(MEET_MS);
  await people.carol.messenger.stop();
  await stage.world.clock.advance(5_000);
};

const carriesNoMore = ({ bob }: Cast): Promise<void> => bob.messenger.changeSettings({ carriesFor: "nobody" });

export const COURIER_ROWS = {
  cardHeld: [
    {
      story: story(
        ["alice", "bob"],
        ({ alice }) => opens(alice),
        async (people) => {
          await people.alice.messenger.stop();
          await carriesNoMore(people);
        },
      ),
      fields: [["number", 6, "word"]],
      elsewhere: "ends",
    },
  ],
  card: [
    {
      story: story(["bob", "alice"], carriesNoMore),
      fields: [
        ["version", 1, "ends"],
        ["device", 16, "ignored", "ends"],
        ["all the rest", undefined, "ends"],
      ],
      elsewhere: "ends",
    },
  ],
  deposit: [
    {
      story: story(["alice", "bob"], writes),
      fields: [
        ["parcel", 16, "word"],
        ["replaced parcel", 16, "word"],
        ["size, high", 2, "ends"],
        ["size, low", 2, "word"],
        ["token", 185, "word"],
      ],
      elsewhere: "ends",
    },
  ],
  depositAnswer: [
    {
      story: story(["bob", "alice"], writes),
      fields: [
        ["parcel", 16, "ignored"],
        ["code", 1, "believed"],
      ],
      elsewhere: "ends",
    },
  ],
  parcel: [
    {
      story: story(["alice", "bob"], writes, undefined, ({ type }) => type === FRAME.parcelPart),
      fields: [
        ["parcel", 16, "word"],
        ["size, high", 3, "ends"],
        ["size, low", 1, "word"],
      ],
      elsewhere: "ends",
    },
  ],
  parcelPart: [
    {
      story: story(["alice", "bob"], writes),
      // Who carries it cannot tell.
      fields: [["bytes", undefined, "believed"]],
      cut: "word",
      elsewhere: "ends",
    },
  ],
  receipt: [
    {
      story: story(["carol", "bob"], ({ carol }) => opens(carol), written),
      fields: [
        ["parcel", 16, "ignored"],
        ["device", 16, "ignored"],
        ["result", 1, "ignored"],
        ["length of the clock", 2, "ends"],
        ["clock and signature", undefined, "ignored"],
      ],
      elsewhere: "ends",
    },
  ],
  receiptNoted: [
    {
      story: story(["alice", "bob"], ({ alice }) => opens(alice), taken),
      fields: [["parcel", 16, "ignored"]],
      elsewhere: "ends",
    },
  ],
} as const;
