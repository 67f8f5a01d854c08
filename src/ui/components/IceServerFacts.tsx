/** Which servers besides relays this device asks, as the host of the page chose them. */
import { iceServerHost, iceServerWords } from "../text/ice-server-words.ts";

export function IceServerFacts({ urls }: { readonly urls: readonly string[] }) {
  return urls.map((url) => (
    <div key={url} class="fact">
      <span>
        <bdi>{iceServerHost(url)}</bdi>
        <small>{iceServerWords(url)}</small>
      </span>
    </div>
  ));
}
