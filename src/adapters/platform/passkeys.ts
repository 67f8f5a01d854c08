/** Passkeys as keepers of a secret: WebAuthn with its PRF extension (W3C WebAuthn Level 3, section 10.1.4). No server takes part. */
import type { PasskeyAnswer, Passkeys } from "../../core/vault/ports.ts";

const TIMEOUT_MS = 120_000;
const CHALLENGE_BYTES = 32;
/** COSE: EdDSA, ES256, RS256. */
const ALGORITHMS = [-8, -7, -257];
/** Shown by the browser and kept by the authenticator: nothing of the person. */
const LABEL = "Kith on this device";

export const platformPasskeys: Passkeys = {
  async isOffered() {
    const type = (globalThis as Partial<typeof globalThis>).PublicKeyCredential as
      Partial<typeof PublicKeyCredential> | undefined;
    // A passkey belongs to a domain: an address by numbers has none.
    if (type === undefined || /^[\d.]+$|^\[/.test(location.hostname)) return false;
    const told = await type.getClientCapabilities?.().catch(() => undefined);
    return told?.["extension:prf"] !== false;
  },

  async create(salt) {
    return answering(async () => {
      const made = await navigator.credentials.create({
        publicKey: {
          rp: { name: "Kith" },
          user: { id: random(16), name: LABEL, displayName: LABEL },
          // Nobody checks a signature: only the secret counts.
          challenge: random(CHALLENGE_BYTES),
          pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
          authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
          attestation: "none",
          timeout: TIMEOUT_MS,
          extensions: { prf: { eval: { first: own(salt) } } },
        },
      });
      const answer = secretOf(made);
      if (answer.kind === "secret" || !(made instanceof PublicKeyCredential)) return answer;
      // Some authenticators give the secret only when they are asked again.
      if (made.getClientExtensionResults().prf?.enabled !== true) return { kind: "unsupported" };
      return askFor(new Uint8Array(made.rawId), salt);
    });
  },

  ask: (credential, salt) => answering(() => askFor(credential, salt)),
};

async function askFor(credential: Uint8Array, salt: Uint8Array): Promise<PasskeyAnswer> {
  const given = await navigator.credentials.get({
    publicKey: {
      challenge: random(CHALLENGE_BYTES),
      allowCredentials: [{ type: "public-key", id: own(credential) }],
      userVerification: "required",
      timeout: TIMEOUT_MS,
      extensions: { prf: { eval: { first: own(salt) } } },
    },
  });
  return secretOf(given);
}

function secretOf(credential: Credential | null): PasskeyAnswer {
  if (!(credential instanceof PublicKeyCredential)) return { kind: "cancelled" };
  const first = credential.getClientExtensionResults().prf?.results?.first;
  if (first === undefined) return { kind: "unsupported" };
  const secret = ArrayBuffer.isView(first)
    ? new Uint8Array(first.buffer, first.byteOffset, first.byteLength)
    : new Uint8Array(first);
  return { kind: "secret", credential: new Uint8Array(credential.rawId), secret: secret.slice() };
}

/** The person's no and the authenticator's shortcomings are answers. */
async function answering(work: () => Promise<PasskeyAnswer>): Promise<PasskeyAnswer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return { kind: error.name === "NotAllowedError" || error.name === "AbortError" ? "cancelled" : "unsupported" };
  }
}

function random(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** A copy in a buffer of its own, as the browser takes it. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
