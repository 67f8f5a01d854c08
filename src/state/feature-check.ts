/** What Kith cannot do without. Checked before anything is loaded, so that a page can say so instead of failing. */

export type MissingFeature = "secure-context" | "indexeddb" | "webrtc" | "locks";

export function missingFeatures(scope: typeof globalThis): readonly MissingFeature[] {
  const missing: MissingFeature[] = [];
  if (!scope.isSecureContext) missing.push("secure-context");
  if (!("indexedDB" in scope)) missing.push("indexeddb");
  if (!("RTCPeerConnection" in scope)) missing.push("webrtc");
  if (scope.isSecureContext && !("locks" in scope.navigator)) missing.push("locks");
  return missing;
}
