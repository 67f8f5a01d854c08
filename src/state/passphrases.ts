/** What is asked of a passphrase that somebody chooses. */

/** Short ones are guessed within a day from a copy of the disk. */
export const MIN_PASSPHRASE_LENGTH = 8;

export type PassphraseTrouble = "too-short" | "different";

export function passphraseTrouble(passphrase: string, repeated: string): PassphraseTrouble | undefined {
  if (passphrase.length < MIN_PASSPHRASE_LENGTH) return "too-short";
  return passphrase === repeated ? undefined : "different";
}
