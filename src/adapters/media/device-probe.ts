/** Whether a camera and a microphone are there and may be used, as far as it can be told without asking the person. */

/** "asks-first": the browser asks the person at the first use. */
export type DeviceFinding = "ready" | "asks-first" | "blocked" | "none";

const KINDS = { camera: "videoinput", microphone: "audioinput" } as const;

export async function probeDevice(name: keyof typeof KINDS): Promise<DeviceFinding> {
  // Missing where the page came over plain HTTP from another computer.
  if (!("mediaDevices" in navigator)) return "none";
  const devices = await navigator.mediaDevices.enumerateDevices();
  if (!devices.some(({ kind }) => kind === KINDS[name])) return "none";
  switch (await permission(name)) {
    case "granted":
      return "ready";
    case "denied":
      return "blocked";
    case "prompt":
      return "asks-first";
  }
}

async function permission(name: keyof typeof KINDS): Promise<PermissionState> {
  try {
    return (await navigator.permissions.query({ name })).state;
  } catch {
    // Browsers that do not tell ask when the device is used.
    return "prompt";
  }
}
