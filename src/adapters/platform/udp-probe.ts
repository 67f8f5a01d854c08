/** Whether UDP gets out of this network and back: asks the configured STUN servers for this device's address, and keeps nothing of it. */

const GATHER_MS = 5_000;

/** "no-server": none is configured, so it cannot be told. */
export type UdpFinding = "works" | "blocked" | "no-server" | "no-network" | "no-webrtc";

export async function probeUdp(iceServers: readonly RTCIceServer[]): Promise<UdpFinding> {
  if (!("RTCPeerConnection" in globalThis)) return "no-webrtc";
  const servers = iceServers.filter(({ urls }) => [urls].flat().some((url) => url.startsWith("stun:")));
  const connection = new RTCPeerConnection({ iceServers: servers });
  try {
    const types = await gatheredTypes(connection);
    if (types.has("srflx")) return "works";
    if (types.size === 0) return "no-network";
    return servers.length === 0 ? "no-server" : "blocked";
  } finally {
    connection.close();
  }
}

/** Of the candidates, until one shows that a server answered, or no more come. */
async function gatheredTypes(connection: RTCPeerConnection): Promise<ReadonlySet<string>> {
  const types = new Set<string>();
  const gathered = new Promise<void>((resolve) => {
    connection.addEventListener("icecandidate", ({ candidate }) => {
      if (candidate === null) resolve();
      else if (candidate.type !== null) types.add(candidate.type);
      if (candidate?.type === "srflx") resolve();
    });
    setTimeout(resolve, GATHER_MS);
  });
  connection.createDataChannel("probe");
  await connection.setLocalDescription(await connection.createOffer());
  await gathered;
  return types;
}
