/** Whose messages this device keeps for those who are away, and how much that is. */
import type { SettingsModel } from "../../state/settings.ts";
import { CARRYING, carriedWords } from "../text/settings-words.ts";

const OPTIONS = [
  ["nobody", "Nobody"],
  ["contacts", "My contacts"],
] as const;

export function CarryChoice({ model }: { readonly model: SettingsModel }) {
  const { carriesFor, carried } = model.carry;
  return (
    <div class="box">
      <fieldset class="choice box-field" role="radiogroup" aria-label="Carry for">
        <span aria-hidden="true">Carry for</span>
        <div class="segments">
          {OPTIONS.map(([option, label]) => (
            <label key={option} class="segment">
              <input
                type="radio"
                name="carry-for"
                disabled={carriesFor.value === undefined}
                checked={carriesFor.value === option}
                onChange={() => model.setCarriesFor(option)}
              />
              <span>{label}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <div class="fact">
        <span>Kept for others now</span>
        <span>{carriedWords(carried.value)}</span>
      </div>
      <p class="box-text">{CARRYING}</p>
    </div>
  );
}
