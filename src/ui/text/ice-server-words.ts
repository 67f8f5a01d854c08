/** The STUN and TURN servers that the host of the page named (RFC 7064, RFC 7065), in words. */

/** What it does for this device, and what it learns. */
export function iceServerWords(url: string): string {
  return url.startsWith("turn")
    ? "Passes sealed bytes on when there is no direct way. It learns who talks to whom, and when"
    : "Tells your device the address it is seen at, so that others can connect directly. It learns that address";
}

/** The part of the URL that people recognise: host and port. */
export function iceServerHost(url: string): string {
  return url.replace(/^[a-z]+:/, "").replace(/\?.*$/, "");
}
