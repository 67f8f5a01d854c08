/** Those who are not listened to. */
import type { PeopleModel } from "../../state/people.ts";
import { formatDate } from "../text/time.ts";

export function BlockedList({ model }: { readonly model: PeopleModel }) {
  const blocked = model.blocked.value;
  return (
    <div class="box">
      <p class="box-title" id="blocked-people">
        Blocked
      </p>
      <ul aria-labelledby="blocked-people">
        {blocked.map(({ account, name, blockedAt }) => (
          <li key={account} class="fact">
            <span id={`blocked-${account}`}>
              <bdi>{name}</bdi>
              <small>since {formatDate(blockedAt)}</small>
            </span>
            <button
              type="button"
              class="secondary"
              aria-describedby={`blocked-${account}`}
              onClick={() => model.unblock(account)}
            >
              Unblock
            </button>
          </li>
        ))}
      </ul>
      {blocked.length === 0 && (
        <p class="box-text">Nobody. You can block a contact in the details of a conversation.</p>
      )}
    </div>
  );
}
