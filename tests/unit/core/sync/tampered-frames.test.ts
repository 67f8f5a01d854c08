/**
 * Every frame of the peer stream, tampered with on its way into a running core: refused or passed over, and nothing is stored. What stands
 * in the signed and sealed structures inside is tampered with in codec/tampered-structures and crypto/sealed-structures; that each structure
 * is taken in one encoding only is shown by codec/fuzz.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { concatBytes, bytesToHex } from "../../../../src/core/codec/bytes.ts";
import { ByteWriter } from "../../../../src/core/codec/byte-writer.ts";
import { KEY_LAYOUTS, type SealedTable } from "../../../../src/core/vault/key-layout.ts";
import { FRAME } from "../../../../src/core/sync/frames.ts";
import type { CorePerson } from "../../../support/core-world.ts";
import { COURIER_ROWS } from "../../../support/courier-frame-rows.ts";
import { GROUP_ROWS } from "../../../support/group-frame-rows.ts";
import { type Case, type Field, type Outcome, variations } from "../../../support/frame-variations.ts";
import { MEMBER_ROWS } from "../../../support/member-frame-rows.ts";
import * as stories from "../../../support/frame-stories.ts";
import type { Instead } from "../../../support/wire-meddler.ts";

const TEST_LIMIT_MS = 120_000;
/** Skipped, as PROTOCOL says. */
const UNKNOWN_TYPE = 255;

const INDEX_ROW: readonly Field[] = [
  ["device index", 2, "ends"],
  ["channel", 1, "word"],
];
const REQUEST: readonly Field[] = [
  ["length of the bundle", 2, "ends"],
  ["bundle", 394, "ends"],
  ["genesis", undefined, "ends"],
];
const DEVICES_AT = { have: 1, want: 0 };

/** The device list of have or want, changed; what follows it stays. */
function withDevices(type: keyof typeof DEVICES_AT, change: (devices: Uint8Array[]) => Uint8Array[]) {
  return (payload: Uint8Array): Uint8Array => {
    const at = DEVICES_AT[type];
    const count = ((payload[at] ?? 0) << 8) | (payload[at + 1] ?? 0);
    const [first, end] = [at + 2, at + 2 + 16 * count];
    const devices = Array.from({ length: count }, (_, index) =>
      payload.slice(first + 16 * index, first + 16 * (index + 1)),
    );
    const changed = change(devices);
    const counted = new ByteWriter().uint(changed.length, 2).finish();
    return concatBytes(payload.slice(0, at), counted, ...changed, payload.slice(end));
  };
}

const rows: Readonly<Record<keyof typeof FRAME, readonly Case[]>> = {
  credit: [
    {
      story: stories.credited,
      fields: [
        ["handled, high", 3, "ends"],
        ["handled, low", 3, "word"],
      ],
      elsewhere: "ends",
    },
  ],
  greet: [
    {
      story: stories.acceptedBy("alice"),
      fields: [
        ["version", 1, "ends"],
        ["nonce", 32, "word"],
        ["relay count", 1, "word"],
        ["relays", 14, "word"],
        ["features", 1, "word", "word"],
      ],
      longer: "same",
      elsewhere: "ends",
    },
  ],
  claim: [{ story: stories.acceptedBy("bob"), fields: [["invite", 16, "ignored"], ...REQUEST], elsewhere: "ends" }],
  bundle: [
    { story: stories.acceptedBy("alice"), fields: [["bundle", undefined, "ends"]], elsewhere: "ends" },
    { story: stories.renamed, fields: [["bundle", undefined, "ends"]], elsewhere: "ends" },
  ],
  proof: [
    {
      story: stories.acceptedBy("bob"),
      fields: [["proof", 32, "ignored"]],
      cut: "ignored",
      longer: "ignored",
      elsewhere: "ends",
    },
  ],
  welcome: [{ story: stories.acceptedBy("alice"), fields: [["proof", 32, "ends"]], elsewhere: "ends" }],
  refusal: [
    { story: stories.askedBy("alice"), fields: [["reason", 1, "believed"]], longer: "same", elsewhere: "ends" },
  ],
  request: [{ story: stories.askedBy("bob"), fields: REQUEST, elsewhere: "ends" }],
  answer: [
    { story: stories.askedBy("alice"), fields: [["code", 1, "ends"]], elsewhere: "ends" },
    {
      story: stories.letIn,
      fields: [
        ["code", 1, "ends"],
        ["bundle", undefined, "ends"],
      ],
      elsewhere: "ends",
    },
  ],
  ownDevices: [{ story: stories.rolledBack, fields: [["device list", undefined, "ends"]], elsewhere: "ends" }],
  reachCard: [
    {
      story: stories.relayingNoMore,
      fields: [
        ["version", 1, "ends"],
        ["device", 16, "ignored", "ends"],
        ["all that is signed", undefined, "ends"],
      ],
      elsewhere: "ends",
    },
  ],
  codeRead: [
    {
      story: stories.codeRead,
      fields: [["proof", 32, "ignored"]],
      cut: "ignored",
      longer: "ignored",
      elsewhere: "ends",
    },
  ],
  release: [
    {
      story: stories.releaseTold,
      fields: [
        ["length of the version", 1, "ends"],
        ["version", 5, "word"],
        ["fingerprint", 32, "word"],
      ],
      elsewhere: "ends",
    },
  ],
  hello: [
    {
      story: stories.differing("bob"),
      fields: [
        ["tag", 32, "word"],
        ["digest", 32, "word"],
        ["statements", 8, "word"],
      ],
      elsewhere: "ends",
    },
  ],
  level: [{ story: stories.metAgain("alice"), fields: [["proof", 8, "ends"]], elsewhere: "ignored" }],
  unknownConversation: [{ story: stories.unknownMet, fields: [], longer: "same", elsewhere: "ignored" }],
  have: [
    {
      story: stories.differing("alice"),
      fields: [
        ["mode", 1, "ends"],
        ["device count", 2, "ends"],
        ["devices", 32, "word"],
        ["row count", 2, "ends"],
        ...INDEX_ROW,
        ["base", 4, "word"],
        ["height", 4, "word"],
        ["head prefix", 4, "word"],
      ],
      elsewhere: "ignored",
      otherwise: {
        "its devices in another order": withDevices("have", (devices) => devices.toReversed()),
        "a device that no row names": withDevices("have", (devices) => [...devices, new Uint8Array(16).fill(255)]),
        "a device twice": withDevices("have", (devices) => [...devices, ...devices.slice(-1)]),
      },
    },
  ],
  want: [
    {
      story: stories.differing("bob"),
      fields: [
        ["device count", 2, "ends"],
        ["device", 16, "ends"],
        ["range count", 2, "ends"],
        ...INDEX_ROW,
        ["from", 4, "word"],
        ["to", 4, "word"],
      ],
      elsewhere: "ignored",
      otherwise: {
        "a device that no range names": withDevices("want", (devices) => [...devices, new Uint8Array(16).fill(255)]),
        "a device twice": withDevices("want", (devices) => [...devices, ...devices]),
      },
    },
  ],
  entry: [
    {
      story: stories.written,
      fields: [
        // Without flags it is not the last of its batch.
        ["flags", 1, "word", "word"],
        ["length of the header", 2, "ends"],
        ["header", 200, "ends"],
        ["signature", 64, "ends"],
        ["body", undefined, "ends"],
      ],
      elsewhere: "ignored",
    },
  ],
  clock: [
    {
      story: stories.heard,
      fields: [
        ["conversation", 32, "ends"],
        ["device", 16, "ends"],
        ["number", 6, "word"],
        ["marks and signature", undefined, "ends"],
      ],
      elsewhere: "ignored",
    },
  ],
  sealedRead: [
    {
      story: stories.read,
      fields: [
        ["conversation", 32, "ends"],
        ["device", 16, "ends"],
        ["number", 6, "word"],
        ["anchor, salt, what is sealed, and signature", undefined, "ends"],
      ],
      elsewhere: "ignored",
    },
  ],
  read: [
    {
      story: stories.readBefore,
      fields: [
        ["conversation", 32, "ends"],
        ["device", 16, "ends"],
        ["number", 6, "word"],
        ["marks and signature", undefined, "ends"],
      ],
      elsewhere: "ignored",
    },
  ],
  envelope: [
    {
      story: stories.written,
      fields: [
        ["entry", 32, "ignored"],
        ["envelope", undefined, "ignored"],
      ],
      elsewhere: "ignored",
    },
  ],
  ...GROUP_ROWS,
  resendAnswer: [
    {
      story: stories.handedOver,
      fields: [
        ["key number", 4, "ignored"],
        ["answer", undefined, "ignored"],
      ],
      cut: "word",
      longer: "word",
      elsewhere: "ignored",
    },
  ],
  ...COURIER_ROWS,
  ...MEMBER_ROWS,
};

/** Everything stored but when the peer was heard last, which a link that ends writes down; and what the person was told. */
async function seen(
  person: CorePerson,
): Promise<{ readonly stored: readonly string[]; readonly told: readonly string[] }> {
  const stored: string[] = [];
  for (const table of Object.keys(KEY_LAYOUTS) as SealedTable[]) {
    for (const { key, value } of await person.store.read([table], (tx) => tx.range(table, {}))) {
      stored.push(`${table} ${written(key)} ${written(value)}`);
    }
  }
  const told = person.events.filter(({ type }) => type === "code-read").map((event) => written(event));
  const differing = (await person.threads()).map(({ differingCopy }) => written(differingCopy));
  return { stored, told: [...told, ...differing] };
}

function written(value: unknown): string {
  return JSON.stringify(value, (name, part: unknown) =>
    name === "lastHeard" ? undefined : part instanceof Uint8Array ? bytesToHex(part) : part,
  );
}

type Result = Awaited<ReturnType<typeof run>>;

async function run(type: number, { story }: Case, instead: Instead) {
  const { world, meddler, receiver } = await story(type, instead);
  expect(world.bugs).toEqual([]);
  return { ...(await seen(receiver)), meddler };
}

const cases = Object.entries(rows).flatMap(([name, ofType]) =>
  ofType.map((one, index) => ({
    name: ofType.length > 1 ? `${name} ${index + 1}` : name,
    type: FRAME[name as keyof typeof FRAME],
    one,
  })),
);

describe.each(cases)("$name", ({ type, one }) => {
  test(
    "is of consequence as it is; tampered with, it is refused or passed over, and nothing is stored",
    {
      timeout: TEST_LIMIT_MS,
    },
    async () => {
      const honest = await run(type, one, (frame) => frame);
      const lost = await run(type, one, (frame) => ({ ...frame, type: UNKNOWN_TYPE }));
      const gone = await run(type, one, () => undefined);
      const baseline: Readonly<Record<Outcome, Result>> = {
        ends: gone,
        ignored: lost,
        word: lost,
        believed: lost,
        same: honest,
      };
      const { frame } = honest.meddler;
      if (frame === undefined) throw new Error("no such frame came");
      // That more may be sent shows in hostile-stream: it takes a whole window.
      if (type !== FRAME.credit) expect(consequence(honest)).not.toEqual(consequence(lost));
      for (const { name: change, outcome, instead } of variations(frame.payload.length, one)) {
        const result = await run(type, one, instead);
        const { hasEndedLink } = result.meddler;
        if (outcome === "believed") expect(result.stored, change).not.toEqual(lost.stored);
        else expect(result.stored, change).toEqual(baseline[outcome].stored);
        if (outcome === "ends") expect(hasEndedLink, change).toBe(true);
        if (outcome === "ignored")
          expect({ hasEndedLink, told: result.told }, change).toEqual({ hasEndedLink: false, told: lost.told });
        if (outcome === "same") expect(consequence(result), change).toEqual(consequence(honest));
      }
    },
  );
});

function consequence({ stored, told, meddler }: Result): unknown {
  return { stored, told, answers: meddler.answers };
}

test("every type of frame has a number of its own and a line in PROTOCOL", async () => {
  const protocol = await readFile(join(import.meta.dirname, "../../../../docs/PROTOCOL.md"), "utf8");
  const lines = protocol.slice(protocol.indexOf("## The peer stream")).split("\n");
  const numbers = lines.flatMap(
    (line) => /^\| ([\d, ]+) \| [a-z, ]+ \| [0n] \|/.exec(line)?.[1]?.split(", ").map(Number) ?? [],
  );
  expect(Object.values(FRAME).toSorted((left, right) => left - right)).toEqual(
    numbers.toSorted((left, right) => left - right),
  );
});
