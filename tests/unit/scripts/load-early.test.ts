import { describe, expect, it } from "vitest";
import { type BuiltChunk, earlyTags } from "../../../scripts/load-early.ts";

function chunk(fileName: string, imports: readonly string[] = [], module: string | null = null): BuiltChunk {
  return { type: "chunk", fileName, imports, facadeModuleId: module, isEntry: fileName === "main.js" };
}

const BUNDLE = {
  main: chunk("main.js", ["shared.js"], "/app/src/main.ts"),
  shared: chunk("shared.js"),
  network: chunk("network.js", ["shared.js", "bytes.js"], "/app/src/network.ts"),
  bytes: chunk("bytes.js"),
  dialogs: chunk("dialogs.js", ["bytes.js"], "/app/src/dialogs.ts"),
  style: { type: "asset" },
} as const;

describe("modules that every start loads next", () => {
  it("are named in the page with what they import, without what the first script brings", () => {
    const files = earlyTags(BUNDLE, "/app", ["src/network.ts"]).map(({ attrs }) => attrs?.["href"]);
    expect(files).toEqual(["./network.js", "./bytes.js"]);
  });

  it("stand behind what the first paint needs, and are fetched after it", () => {
    const tags = earlyTags(BUNDLE, "/app", ["src/network.ts"]);
    expect(tags.length).toBeGreaterThan(0);
    for (const { tag, attrs, injectTo } of tags) {
      expect([tag, attrs?.["rel"], attrs?.["fetchpriority"], injectTo]).toEqual([
        "link",
        "modulepreload",
        "low",
        "head",
      ]);
    }
  });

  it("are each named once", () => {
    const files = earlyTags(BUNDLE, "/app", ["src/network.ts", "src/dialogs.ts"]).map(({ attrs }) => attrs?.["href"]);
    expect(files).toEqual(["./network.js", "./bytes.js", "./dialogs.js"]);
  });

  it("fail the build when one of them is no module of its own any more", () => {
    expect(() => earlyTags(BUNDLE, "/app", ["src/gone.ts"])).toThrow("src/gone.ts");
  });
});
