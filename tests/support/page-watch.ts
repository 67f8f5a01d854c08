/** Watches what a page does with WebRTC and what goes wrong in it. Imported before anything that takes RTCPeerConnection from the page. */

export const peerConnections: RTCPeerConnection[] = [];
export const candidates: string[] = [];
export const problems: string[] = [];

class CountedPeerConnection extends RTCPeerConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    peerConnections.push(this);
    this.addEventListener("icecandidate", (event) => {
      if (event.candidate !== null) candidates.push(event.candidate.candidate);
    });
  }
}
globalThis.RTCPeerConnection = CountedPeerConnection;
globalThis.addEventListener("unhandledrejection", (event) => problems.push(`unhandled: ${String(event.reason)}`));
globalThis.addEventListener("error", (event) => problems.push(`error: ${event.message}`));
for (const level of ["log", "info", "warn", "error", "debug"] as const) {
  console[level] = (...parts: readonly unknown[]) => problems.push(`console.${level}: ${parts.map(String).join(" ")}`);
}
