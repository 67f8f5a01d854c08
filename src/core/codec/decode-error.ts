/** What a peer or a pasted text held is malformed, oversized or not canonical. The message names the reason, never the content. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
}
