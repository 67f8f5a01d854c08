/** An invite link and its QR code: to oneself, or to a group. */
import { useEffect, useMemo } from "preact/hooks";
import type { GroupThreadView, InviteDays, InviteUses } from "../../core/views.ts";
import type { AppModel } from "../../state/app.ts";
import type { AppPorts } from "../../state/app-ports.ts";
import { createInviteOffer, type OfferNeeds } from "../../state/invite-offer.ts";
import { Dialog } from "../components/Dialog.tsx";
import { LazyQrCode } from "../components/LazyQrCode.tsx";
import { groupInviteExplanation, groupInviteIntroduction } from "../text/group-words.ts";
import { daysWords, inviteExplanation, usesWords } from "../text/invite-words.ts";

const USES: readonly InviteUses[] = [1, 10];
const DAYS: readonly InviteDays[] = [1, 7, 30];

export interface InviteDialogProps {
  readonly app: AppModel;
  readonly ports: AppPorts;
  readonly group?: GroupThreadView;
}

export function InviteDialog({ app, ports, group }: InviteDialogProps) {
  const offer = useMemo(
    () =>
      createInviteOffer({
        messenger: invitesOf(ports, group),
        navigator: window.navigator,
        hostname: window.location.hostname,
        onOffer: app.offer,
        onCopied: () => app.announcer.announce({ kind: "copied" }),
        onFailure: app.fail,
      }),
    [],
  );
  useEffect(() => offer.dispose, [offer]);
  const invite = offer.invite.value;
  const uses = offer.uses.value;
  const days = offer.days.value;
  return (
    <Dialog title="Invite someone" class="dialog-invite" onClose={app.closeDialog}>
      {group !== undefined && <p class="quiet">{groupInviteIntroduction(group.name)}</p>}
      <div class="invite-layout" aria-busy={invite === undefined}>
        <div class="qr">
          {invite !== undefined && <LazyQrCode label="Invite QR code" text={invite.link} onFailure={app.fail} />}
        </div>
        <div class="invite-fields">
          <div class="field">
            <label for="invite-link">Invite link</label>
            {invite === undefined ? (
              <div class="placeholder" aria-hidden="true" />
            ) : (
              <input
                id="invite-link"
                type="text"
                dir="ltr"
                readOnly
                autoComplete="off"
                value={invite.link}
                onFocus={(event) => event.currentTarget.select()}
                onCopy={offer.taken}
              />
            )}
          </div>
          <div class="button-row">
            <button type="button" class="primary" onClick={offer.copy}>
              Copy link
            </button>
            {offer.canShare && (
              <button type="button" class="secondary" onClick={offer.share}>
                Share
              </button>
            )}
          </div>
          {offer.outcome.value !== undefined && (
            <p class="fine">
              {offer.outcome.value === "copied"
                ? "Copied. Send it to your friend; keep Kith open, so that it can connect."
                : "The browser does not allow copying here. Select the link and copy it yourself."}
            </p>
          )}
          {offer.isLocalOnly && <p class="notice">This link works only on this computer</p>}
          <div class="two">
            <fieldset class="choice" role="radiogroup" aria-labelledby="invite-uses">
              <span id="invite-uses" class="legend">
                Can be used
              </span>
              <div class="segments">
                {USES.map((option) => (
                  <label key={option} class="segment">
                    <input
                      type="radio"
                      name="invite-uses"
                      checked={option === uses}
                      onChange={() => offer.choose(option, days)}
                    />
                    <span>{usesWords(option)}</span>
                  </label>
                ))}
              </div>
            </fieldset>
            <div class="field">
              <label for="invite-days">Valid for</label>
              <select
                id="invite-days"
                value={days}
                onChange={(event) => {
                  const chosen = DAYS.find((option) => option === Number(event.currentTarget.value));
                  if (chosen !== undefined) offer.choose(uses, chosen);
                }}
              >
                {DAYS.map((option) => (
                  <option key={option} value={option}>
                    {daysWords(option)}
                  </option>
                ))}
              </select>
            </div>
          </div>
          <p class="fine">{group === undefined ? inviteExplanation(uses) : groupInviteExplanation(uses)}</p>
        </div>
      </div>
    </Dialog>
  );
}

function invitesOf({ messenger }: AppPorts, group: GroupThreadView | undefined): OfferNeeds["messenger"] {
  return {
    createInvite: (options) =>
      group === undefined ? messenger.createInvite(options) : messenger.groups.createInvite(group.id, options),
    openInvites: () => messenger.openInvites(),
    withdrawInvite: (id) => messenger.withdrawInvite(id),
  };
}
