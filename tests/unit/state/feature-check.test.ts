import { expect, test } from "vitest";
import { missingFeatures } from "../../../src/state/feature-check.ts";

const scope = (features: object) => features as typeof globalThis;

test("finds nothing missing in a current browser", () => {
  const navigator = { locks: {} };
  expect(missingFeatures(scope({ isSecureContext: true, indexedDB: {}, RTCPeerConnection: {}, navigator }))).toEqual(
    [],
  );
});

test("names the insecure page alone when that is why locks are missing", () => {
  const navigator = {};
  expect(missingFeatures(scope({ isSecureContext: false, indexedDB: {}, RTCPeerConnection: {}, navigator }))).toEqual([
    "secure-context",
  ]);
});

test("names everything a browser lacks", () => {
  expect(missingFeatures(scope({ isSecureContext: true, navigator: {} }))).toEqual(["indexeddb", "webrtc", "locks"]);
});
