import { expect, test } from "vitest";
import { failuresIn, tellFailures } from "../../told-failures.ts";

const OF_VITEST = {
  testResults: [
    {
      name: "a.test.ts",
      status: "failed",
      assertionResults: [
        { fullName: "adds", status: "passed", failureMessages: [] },
        { fullName: "subtracts", status: "failed", failureMessages: ["\u001b[31mexpected 1\u001b[39m to be 2"] },
      ],
    },
    { name: "b.test.ts", status: "failed", message: "cannot be loaded", assertionResults: [] },
  ],
};
const OF_PLAYWRIGHT = {
  suites: [
    {
      specs: [{ file: "c.e2e.ts", title: "opens", ok: true, tests: [] }],
      suites: [
        {
          specs: [
            {
              file: "c.e2e.ts",
              title: "closes",
              ok: false,
              tests: [{ results: [{ errors: [{ message: "Timeout: 20000ms" }, { message: "never closed" }] }] }],
            },
          ],
        },
      ],
    },
  ],
};

test("names each failed test with its reasons, and no other", () => {
  expect(failuresIn(OF_VITEST)).toEqual(["subtracts\nexpected 1 to be 2", "b.test.ts\ncannot be loaded"]);
  expect(failuresIn(OF_PLAYWRIGHT)).toEqual(["c.e2e.ts: closes\nTimeout: 20000ms\nnever closed"]);
  expect(failuresIn(undefined)).toEqual([]);
});

test("tells a bounded part", () => {
  const many = Array.from({ length: 25 }, (_, index) => `test ${index}`);
  expect(tellFailures(many).split("\n\n")).toHaveLength(21);
  expect(tellFailures(many)).toMatch(/and 5 more$/);
  const [long] = failuresIn({ testResults: [{ name: "d", status: "failed", message: "x".repeat(9_000) }] });
  expect(long?.length).toBeLessThan(3_000);
});
