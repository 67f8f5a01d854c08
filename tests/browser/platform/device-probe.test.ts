import { afterEach, expect, test, vi } from "vitest";
import { probeDevice } from "../../../src/adapters/media/device-probe.ts";

const devices = navigator.mediaDevices;
afterEach(() => vi.restoreAllMocks());

function given(kind: MediaDeviceKind, state: PermissionState): void {
  const device: MediaDeviceInfo = { deviceId: "", groupId: "", kind, label: "", toJSON: () => ({}) };
  vi.spyOn(devices, "enumerateDevices").mockResolvedValue([device]);
  const status = Object.assign(new EventTarget(), { name: "camera", state, onchange: null });
  vi.spyOn(navigator.permissions, "query").mockResolvedValue(status);
}

test("a device that is not there is not said to be blocked", async () => {
  given("audioinput", "denied");
  expect(await probeDevice("camera")).toBe("none");
  expect(await probeDevice("microphone")).toBe("blocked");
});

test("what the browser would ask about is not asked for", async () => {
  given("videoinput", "prompt");
  const used = vi.spyOn(devices, "getUserMedia");
  expect(await probeDevice("camera")).toBe("asks-first");
  given("videoinput", "granted");
  expect(await probeDevice("camera")).toBe("ready");
  expect(used).not.toHaveBeenCalled();
});

test("a browser that does not tell of permissions asks first", async () => {
  given("videoinput", "granted");
  vi.spyOn(navigator.permissions, "query").mockRejectedValue(new TypeError("unknown name"));
  expect(await probeDevice("camera")).toBe("asks-first");
});
