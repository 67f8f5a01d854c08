/** Light, dark or as the system says. */
import { APPEARANCES, type AppearanceModel } from "../../state/appearance.ts";

const WORDS = { system: "System", light: "Light", dark: "Dark" } as const;

export function AppearanceChoice({ appearance }: { readonly appearance: AppearanceModel }) {
  return (
    <fieldset class="box choice box-field" role="radiogroup" aria-label="Appearance">
      <div class="segments">
        {APPEARANCES.map((option) => (
          <label key={option} class="segment">
            <input
              type="radio"
              name="appearance"
              checked={appearance.chosen.value === option}
              onChange={() => appearance.choose(option)}
            />
            <span>{WORDS[option]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
