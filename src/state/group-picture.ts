/** The picture of a group, as an address that an image can be shown from. */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { Messenger, ThreadId } from "../core/views.ts";
import { fireAndForget } from "./fire-and-forget.ts";

export interface GroupPictureModel {
  /** Undefined while there is none to show. */
  readonly url: ReadonlySignal<string | undefined>;
  /** The browser cannot show it after all. */
  drop(): void;
  dispose(): void;
}

export function createGroupPicture(
  messenger: Pick<Messenger, "groups">,
  thread: ThreadId,
  onFailure: (error: unknown) => void,
): GroupPictureModel {
  const url = signal<string | undefined>(undefined);
  let isOver = false;
  const drop = (): void => {
    if (url.value !== undefined) URL.revokeObjectURL(url.value);
    url.value = undefined;
  };
  const load = async (): Promise<void> => {
    const picture = await messenger.groups.picture(thread);
    if (picture === undefined || isOver) return;
    // Without a type of its own the bytes could be taken for something else than was verified.
    url.value = URL.createObjectURL(new Blob([picture.bytes.slice()], { type: picture.type }));
  };
  fireAndForget(load(), onFailure);
  return {
    url,
    drop,
    dispose() {
      isOver = true;
      drop();
    },
  };
}
