import { expect, test, vi } from "vitest";
import { createPrecache } from "../../../src/sw/worker/precache.ts";

vi.stubGlobal("PRECACHE", { version: "abc", files: [] });

/** Which of these addresses the browser looks up by itself, in the cache of the build. */
function routed(scope: string, paths: readonly string[]): readonly string[] {
  const rules = createPrecache(scope).routes();
  return paths.filter((path) =>
    rules.some(({ condition }) => new URLPattern(condition.urlPattern).test(new URL(path, scope))),
  );
}

test("the page and its scripts are looked up by the browser, and nothing that the worker knows better", () => {
  const kept = ["./", "./#i/abc", "./assets/index-1.js", "./assets/style-2.css"];
  const others = ["./?source=pwa", "index.html", "network.json", "sw.js", "SHA256SUMS", "/elsewhere/", "assets"];
  expect(routed("https://kith.example/", [...kept, ...others])).toEqual(kept);
  expect(routed("https://kith.example/chat/", [...kept, ...others, "/"])).toEqual(kept);
});

test("signs in the name of the folder mean themselves", () => {
  const scope = "https://kith.example/a+b(c)*:d/";
  expect(routed(scope, ["./", "./assets/index-1.js", "/aab(c)*:d/", "/a+bc/", "/a+b(c)x:d/"])).toEqual([
    "./",
    "./assets/index-1.js",
  ]);
});

test("they name the cache of this build", () => {
  const sources = createPrecache("https://kith.example/chat/")
    .routes()
    .map(({ source }) => source);
  const ofThisBuild = { cacheName: "kith-files /chat/ abc" };
  expect(sources).toEqual([ofThisBuild, ofThisBuild]);
});
