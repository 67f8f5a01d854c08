/**
 * The invite dialog: makes a link when it opens and another one when its options change. A replaced link that was neither copied,
 * shared nor used is withdrawn. One that was on screen when the dialog closed stays good: somebody may have scanned or read it.
 */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { InviteDays, InviteId, InviteUses, InviteView, Messenger } from "../core/views.ts";
import { copyText } from "./clipboard.ts";
import { fireAndForget } from "./fire-and-forget.ts";

export type CopyOutcome = "copied" | "by-hand";

export interface InviteOffer {
  readonly uses: ReadonlySignal<InviteUses>;
  readonly days: ReadonlySignal<InviteDays>;
  readonly invite: ReadonlySignal<InviteView | undefined>;
  readonly outcome: ReadonlySignal<CopyOutcome | undefined>;
  readonly canShare: boolean;
  /** The link works on this computer only. */
  readonly isLocalOnly: boolean;
  choose(uses: InviteUses, days: InviteDays): void;
  copy(): void;
  share(): void;
  /** The link was taken by other means: selected and copied. */
  taken(): void;
  dispose(): void;
}

export interface OfferNeeds {
  readonly messenger: Pick<Messenger, "createInvite" | "openInvites" | "withdrawInvite">;
  readonly navigator: Navigator;
  readonly hostname: string;
  readonly onOffer: (invite: InviteId | undefined) => void;
  readonly onCopied: () => void;
  readonly onFailure: (error: unknown) => void;
}

export function createInviteOffer(needs: OfferNeeds): InviteOffer {
  const { messenger, navigator, onFailure } = needs;
  const uses = signal<InviteUses>(1);
  const days = signal<InviteDays>(7);
  const invite = signal<InviteView | undefined>(undefined);
  const outcome = signal<CopyOutcome | undefined>(undefined);
  let isDisposed = false;
  let wanted = 0;
  /** Made here and given to nobody yet. */
  let untaken: InviteId | undefined;

  const make = async (): Promise<void> => {
    wanted += 1;
    const turn = wanted;
    const made = await messenger.createInvite({ uses: uses.value, days: days.value });
    if (turn !== wanted || isDisposed) {
      // Overtaken by another choice before anybody saw it.
      await messenger.withdrawInvite(made.id);
      return;
    }
    const old = untaken;
    untaken = made.id;
    invite.value = made;
    needs.onOffer(made.id);
    if (old !== undefined) await withdrawUnused(old);
  };
  const withdrawUnused = async (id: InviteId): Promise<void> => {
    const old = (await messenger.openInvites()).find((candidate) => candidate.id === id);
    if (old !== undefined && old.usesLeft === old.uses) await messenger.withdrawInvite(id);
  };
  const taken = (): void => {
    untaken = undefined;
  };
  const copy = async (link: string): Promise<void> => {
    taken();
    outcome.value = (await copyText(navigator, link)) ? "copied" : "by-hand";
    if (outcome.value === "copied") needs.onCopied();
  };

  fireAndForget(make(), onFailure);
  return {
    uses,
    days,
    invite,
    outcome,
    canShare: typeof navigator.share === "function",
    isLocalOnly: ["localhost", "127.0.0.1", "[::1]"].includes(needs.hostname),
    choose(nextUses, nextDays) {
      uses.value = nextUses;
      days.value = nextDays;
      outcome.value = undefined;
      invite.value = undefined;
      fireAndForget(make(), onFailure);
    },
    copy() {
      if (invite.value !== undefined) fireAndForget(copy(invite.value.link), onFailure);
    },
    share() {
      if (invite.value === undefined) return;
      const link = invite.value.link;
      taken();
      // A closed share sheet rejects as well: nothing to tell.
      fireAndForget(navigator.share({ url: link }), () => undefined);
    },
    taken,
    dispose() {
      isDisposed = true;
      needs.onOffer(undefined);
    },
  };
}
