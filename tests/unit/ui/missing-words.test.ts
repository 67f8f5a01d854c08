import { describe, expect, test } from "vitest";
import type { MissingView } from "../../../src/core/views.ts";
import { missingWords } from "../../../src/ui/text/missing-words.ts";

function missing(facts: Partial<MissingView>): MissingView {
  return { author: "Ana", away: 0, locked: 0, holders: [], isAuthorIn: true, isComing: false, ...facts };
}

describe("messages that are not here", () => {
  test("are counted with who has them and when they come", () => {
    expect(missingWords([missing({ away: 3, holders: ["Bo"] })])).toEqual([
      "3 messages from Ana are not here yet; Bo has them. They come when you meet Ana or Bo.",
    ]);
  });

  test("one is told as one, also where nobody else has it", () => {
    expect(missingWords([missing({ away: 1 })])).toEqual([
      "1 message from Ana is not here yet. It comes when you meet Ana.",
    ]);
    expect(missingWords([missing({ away: 1, holders: ["Bo"], isComing: true })])).toEqual([
      "1 message from Ana is not here yet; Bo has it. It is on its way.",
    ]);
  });

  test("name two who have them and count more", () => {
    expect(missingWords([missing({ away: 2, holders: ["Bo", "Cy"] })])[0]).toContain("; Bo and Cy have them.");
    const many = missingWords([missing({ away: 2, holders: ["Bo", "Cy", "Di", "Ed"] })])[0];
    expect(many).toContain("; Bo, Cy and 2 more have them. They come when you meet Ana, Bo or 3 more.");
  });

  test("of somebody who left come from others only", () => {
    expect(missingWords([missing({ away: 2, holders: ["Bo"], isAuthorIn: false })])[0]).toMatch(/when you meet Bo\.$/);
    expect(missingWords([missing({ away: 2, isAuthorIn: false })])[0]).toMatch(
      /when you meet somebody who has them\.$/,
    );
  });

  test("of more than three authors are added up, and a number that says nothing is not said", () => {
    const authors = ["Ana", "Bo", "Cy", "Di", "Ed"].map((author) => missing({ author, away: 2 }));
    expect(missingWords(authors).at(-1)).toBe("4 messages from others are not here yet either.");
    expect(missingWords([missing({ away: 1_000 })])[0]).toMatch(/^More than 999 messages from Ana are/);
  });
});

test("messages that wait for a key are told apart", () => {
  expect(missingWords([missing({ locked: 2 })])).toEqual([
    "2 messages from Ana are here and cannot be read yet. Kith asks for their keys whenever it meets somebody who has them.",
  ]);
  expect(missingWords([missing({ away: 1, locked: 1 })])).toHaveLength(2);
  expect(missingWords([])).toEqual([]);
});
