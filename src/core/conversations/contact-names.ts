/** Private names: given on this device only, shown instead of the name the contact chose. */
import type { ThreadId } from "../codec/ids.ts";
import { changeContact } from "./contact-rows.ts";
import type { CoreContext } from "./core-context.ts";
import { safeName } from "./names.ts";
import { contactOf } from "./thread-views.ts";

/** "" takes the private name away. Other rows may change too: which names need a tag depends on all of them. */
export async function renameContact(core: CoreContext, thread: ThreadId, privateName: string): Promise<void> {
  const contact = contactOf(core, thread);
  if (contact === undefined) return;
  await changeContact(core, contact.account, "strict", (held) => ({ ...held, privateName: safeName(privateName) }));
  for (const id of core.directory.threads.keys()) core.threadChanged(id);
}
