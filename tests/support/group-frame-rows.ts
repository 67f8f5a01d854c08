/** What becomes of each frame of groups that is tampered with: see sync/tampered-frames. */
import * as stories from "./frame-stories.ts";
import type { Case } from "./frame-variations.ts";

export const GROUP_ROWS = {
  groupOffer: [
    {
      story: stories.groupOffered,
      fields: [
        ["version", 1, "ends"],
        ["length of the header", 2, "ends"],
        ["header", 171, "ends"],
        ["signature", 64, "ends"],
        ["length of the body", 2, "ends"],
        ["body", 55, "ends"],
        ["length of the introduction", 2, "ends"],
        ["version of the introduction", 1, "ends"],
        ["length of the name", 1, "ends"],
        // The founder is a contact, whose name is known better.
        ["name", 4, "same", "ends"],
        // No UTF-8 any more.
        ["end of the name", 1, "ends"],
        ["device list", undefined, "ends"],
      ],
      elsewhere: "ends",
    },
  ],
  wantAgain: [
    {
      story: stories.askedAgain,
      fields: [
        ["device count", 2, "ends"],
        ["device", 16, "ignored"],
        ["range count", 2, "ends"],
        ["device index", 2, "ends"],
        ["channel", 1, "word"],
        ["from", 4, "word"],
        ["to", 4, "word"],
      ],
      elsewhere: "ignored",
    },
  ],
  statementNumbers: [
    {
      story: stories.statementsTold,
      fields: [
        // Wanted instead of held.
        ["what", 1, "word", "ends"],
        ["clock count", 2, "ends"],
        ["numbers", undefined, "word", "ends"],
      ],
      elsewhere: "ignored",
    },
  ],
  clockChange: [
    {
      story: stories.heardInGroup,
      fields: [
        ["device", 16, "word", "ends"],
        ["number", 6, "word", "ends"],
        ["base", 6, "ends"],
        ["count", 2, "ends"],
        ["rows and signature", undefined, "word", "ends"],
      ],
      elsewhere: "ignored",
    },
  ],
  statementsDigest: [
    {
      story: stories.statementsToldBefore,
      fields: [
        ["digest", 8, "word"],
        ["answer or not", 1, "word", "ends"],
      ],
      elsewhere: "ignored",
    },
  ],
} as const satisfies Readonly<Record<string, readonly Case[]>>;
