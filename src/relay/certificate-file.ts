/** The certificate that a relay makes for WebRTC Direct, in a file that only its owner can read: addresses name its hash. */
import { X509Certificate, createPrivateKey } from "node:crypto";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandError, hasCode, messageOf } from "./command-error.ts";
import { type SelfSigned, selfSigned } from "./self-signed.ts";

const FILE_NAME = "webrtc.pem";
const OWNER_ONLY_FILE = 0o600;
const KEY_BEGINS = "-----BEGIN PRIVATE KEY-----";

/** The one kept in `folder`, which is there, made on first use. Throws CommandError when the file cannot be used. */
export async function loadCertificate(folder: string): Promise<SelfSigned> {
  const path = join(folder, FILE_NAME);
  try {
    return await readCertificate(path);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    if (!hasCode(error, "ENOENT")) throw unusable(path, error);
  }
  const made = selfSigned("kith relay");
  try {
    // Fails rather than replaces when another process was quicker.
    await writeFile(path, made.cert + made.key, { flag: "wx", mode: OWNER_ONLY_FILE, flush: true });
  } catch (error) {
    throw unusable(path, error);
  }
  return made;
}

async function readCertificate(path: string): Promise<SelfSigned> {
  const text = await readFile(path, "utf8");
  await chmod(path, OWNER_ONLY_FILE);
  const at = Math.max(0, text.indexOf(KEY_BEGINS));
  const [cert, key] = [text.slice(0, at), text.slice(at)];
  try {
    if (new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) return { cert, key };
  } catch (error) {
    throw spoiled(path, error);
  }
  throw spoiled(path);
}

function spoiled(path: string, cause?: unknown): CommandError {
  return new CommandError(`${path} holds no certificate with its key: restore it, or remove it to get a new address`, {
    cause,
  });
}

function unusable(path: string, error: unknown): CommandError {
  return new CommandError(`cannot keep the relay's certificate in ${path}: ${messageOf(error)}`, { cause: error });
}
