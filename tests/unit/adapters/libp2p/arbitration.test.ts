import { expect, test } from "vitest";
import { judge, SIMULTANEOUS_MS } from "../../../../src/adapters/libp2p/arbitration.ts";

const circuit = { isDirect: false, ageMs: 10 };
const direct = { isDirect: true, ageMs: 10 };

test("takes the first link, whoever opened it", () => {
  expect(judge({ isOpener: true, isDirect: false }, [], true)).toBe("take");
  expect(judge({ isOpener: false, isDirect: false }, [], true)).toBe("take");
});

test.each([true, false])(
  "when both ends dial at once, both keep the link of the smaller key (direct: %s)",
  (isDirect) => {
    const age = { isDirect, ageMs: 10 };
    // At the smaller key: its own link came first, then the other one; or the other way round.
    expect(judge({ isOpener: false, isDirect }, [{ ...age, isOpener: true }], true)).toBe("refuse");
    expect(judge({ isOpener: true, isDirect }, [{ ...age, isOpener: false }], true)).toBe("take");
    // At the larger key, the mirror image.
    expect(judge({ isOpener: true, isDirect }, [{ ...age, isOpener: false }], false)).toBe("refuse");
    expect(judge({ isOpener: false, isDirect }, [{ ...age, isOpener: true }], false)).toBe("take");
  },
);

test("a peer that dials later has lost its end of the link, and is let in", () => {
  const old = { isOpener: true, isDirect: false, ageMs: SIMULTANEOUS_MS };
  expect(judge({ isOpener: false, isDirect: false }, [old], true)).toBe("take");
});

test("a renewed circuit and a better path are taken", () => {
  expect(judge({ isOpener: true, isDirect: false }, [{ ...circuit, isOpener: true }], false)).toBe("take");
  expect(judge({ isOpener: false, isDirect: true }, [{ ...circuit, isOpener: true }], true)).toBe("take");
});

test("an own circuit that comes after a direct link is dropped; a peer's makes the direct link prove itself", () => {
  expect(judge({ isOpener: true, isDirect: false }, [{ ...direct, isOpener: false }], true)).toBe("refuse");
  expect(judge({ isOpener: false, isDirect: false }, [{ ...direct, isOpener: true }], true)).toBe("verify");
});
