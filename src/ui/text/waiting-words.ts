/** The words below what waits, and of those who carry it. */

export function waitingNote(contact: string, count: number): string {
  return count === 1
    ? `Safe on this device. It leaves when ${contact} is online. You can still edit or cancel it.`
    : `Safe on this device. They leave when ${contact} is online. You can still edit or cancel them.`;
}

export function slowNote(contact: string): string {
  return `Reaching ${contact} takes longer than usual. Write anyway: it waits safely here and leaves by itself.`;
}

export function carriedNote(contact: string): string {
  return `Others keep what ${contact} does not have yet, sealed, and hand it over when they meet ${contact}. Only ${contact} can open it.`;
}

export const WHO_CARRIES = "Who carries it";

export function carriersWords(names: readonly string[]): string {
  return `Carried by ${names.join(", ")}`;
}
