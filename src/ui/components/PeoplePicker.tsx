/** Contacts to choose from: one box to check for each, and a field to find one where they are many. */
import type { CandidatesModel } from "../../state/candidates.ts";
import { Avatar } from "./Avatar.tsx";

const SEARCHED_ABOVE = 12;

export function PeoplePicker({ model, legend }: { readonly model: CandidatesModel; readonly legend: string }) {
  const count = model.chosen.value.size;
  const shown = model.shown.value;
  return (
    <fieldset class="choice picker">
      <legend class="legend picker-legend">
        {legend}
        {count > 0 && <span class="quiet"> · {count} chosen</span>}
      </legend>
      {model.all.value.length > SEARCHED_ABOVE && (
        <input
          type="search"
          dir="auto"
          aria-label="Find a contact"
          placeholder="Find a contact"
          autoComplete="off"
          value={model.sought.value}
          onInput={(event) => model.seek(event.currentTarget.value)}
        />
      )}
      <div class="box picker-list">
        {shown.map(({ account, name, tag }) => (
          <label key={account} class="picker-row">
            <Avatar id={account} name={name} />
            <span class="picker-name">
              <bdi>{name}</bdi> {tag !== undefined && <span class="tag">{tag}</span>}
            </span>
            <input
              type="checkbox"
              class="switch"
              checked={model.chosen.value.has(account)}
              onChange={() => model.toggle(account)}
            />
          </label>
        ))}
        {shown.length === 0 && <p class="box-text">None of your contacts is called that.</p>}
      </div>
    </fieldset>
  );
}
