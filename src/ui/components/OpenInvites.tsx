/** Own invites that can still be used. */
import type { SettingsModel } from "../../state/settings.ts";
import { openInviteWords } from "../text/invite-words.ts";

export function OpenInvites({ model }: { readonly model: SettingsModel }) {
  const invites = model.invites.value;
  if (invites === undefined) return null;
  return (
    <div class="box">
      <p class="box-title" id="open-invites">
        Open invites
      </p>
      <ul aria-labelledby="open-invites">
        {invites.map((invite) => {
          const { title, detail } = openInviteWords(invite);
          return (
            <li key={invite.id} class="fact">
              <span id={`invite-${invite.id}`}>
                {title}
                <small>{detail}</small>
              </span>
              <button
                type="button"
                class="secondary"
                aria-describedby={`invite-${invite.id}`}
                onClick={() => model.withdraw(invite.id)}
              >
                Withdraw
              </button>
            </li>
          );
        })}
      </ul>
      {invites.length === 0 && (
        <p class="box-text">None. A link that is not used yet stands here, so that you can withdraw it.</p>
      )}
    </div>
  );
}
