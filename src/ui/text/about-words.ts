/** What Kith protects and what it does not, said plainly. Shown on the first screen and in Settings. */

export const PROTECTS = [
  "Messages travel over encrypted links between the devices of the people who write to each other.",
  "No server stores your messages. A relay helps devices find each other and may pass on encrypted bytes; it cannot read them.",
  "Your address is shown to nobody before you accept them as a contact, except where members of your groups help each other to connect: choose in Relaying.",
  "Links in messages are never opened or fetched by themselves.",
] as const;

export const DOES_NOT_PROTECT = [
  "Nothing is delivered while the other device is away: the message waits on yours.",
  "Until you protect this device, whoever can use this browser profile can read what is stored in it.",
  "Whoever serves this page could serve other code.",
  "The person you write to can keep and pass on what you send.",
] as const;

export const NOT_REVIEWED = "Kith has not yet been reviewed by outsiders.";
