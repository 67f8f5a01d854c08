/** What the connection doctor asks this browser; loaded when a person asks. */
import type { ProbeFindings } from "../state/app-ports.ts";
import { probeDevice } from "./media/device-probe.ts";
import { probeUdp } from "./platform/udp-probe.ts";

export async function probeConnection(iceServers: readonly RTCIceServer[]): Promise<ProbeFindings> {
  const [udp, camera, microphone] = await Promise.all([
    probeUdp(iceServers),
    probeDevice("camera"),
    probeDevice("microphone"),
  ]);
  return { udp, camera, microphone };
}
