/** Headers of every answer of the static server. A static host should send the same; the README repeats them. */

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  // Relays are on other hosts, chosen by people.
  "connect-src 'self' ws: wss:",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  // Text never becomes script. The one policy is for the addresses of the app's own workers (src/adapters/platform/worker-urls.ts).
  "require-trusted-types-for 'script'",
  "trusted-types kith-worker-url",
].join("; ");

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": CONTENT_SECURITY_POLICY,
  "X-Content-Type-Options": "nosniff",
  // The fragment of an invite never leaves the browser; the rest of the address is nobody's business either.
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(self), microphone=(self), geolocation=(), payment=(), usb=()",
};

const ONE_YEAR_S = 31_536_000;

/** Files under assets/ carry a hash of their content in their name; all else can change under the same name. */
export function cacheControl(pathname: string): string {
  return pathname.startsWith("/assets/") ? `public, max-age=${ONE_YEAR_S}, immutable` : "no-cache";
}
