/** The relay's identity: an Ed25519 key in a file that only its owner can read, so that its address survives a restart. */
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from "@libp2p/crypto/keys";
import type { PrivateKey } from "@libp2p/interface";
import { CommandError, hasCode, messageOf } from "./command-error.ts";

const FILE_NAME = "relay.key";
const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/** The key kept in `folder`, made on first use. Throws CommandError when the folder or the file cannot be used. */
export async function loadKey(folder: string): Promise<PrivateKey> {
  const path = join(folder, FILE_NAME);
  try {
    await mkdir(folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
    return await readKey(path);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    if (!hasCode(error, "ENOENT")) throw unusable(folder, error);
  }
  const key = await generateKeyPair("Ed25519");
  try {
    // Fails rather than replaces when another process was quicker.
    await writeFile(path, privateKeyToProtobuf(key), { flag: "wx", mode: OWNER_ONLY_FILE, flush: true });
  } catch (error) {
    throw unusable(folder, error);
  }
  return key;
}

async function readKey(path: string): Promise<PrivateKey> {
  const bytes = await readFile(path);
  await chmod(path, OWNER_ONLY_FILE);
  try {
    return privateKeyFromProtobuf(bytes);
  } catch (error) {
    throw new CommandError(`${path} holds no key: restore it, or remove it to get a new address`, { cause: error });
  }
}

function unusable(folder: string, error: unknown): CommandError {
  return new CommandError(`cannot keep the relay's key in ${folder}: ${messageOf(error)}`, { cause: error });
}
