/** For whom this device relays, up to which amount a day, and how much it was today. */
import type { SettingsModel } from "../../state/settings.ts";
import { MAX_LIMIT_MB } from "../../state/relay-choice.ts";
import {
  helpedByWords,
  helpedWords,
  MEMBERS_HELP,
  obstacleWords,
  RELAY_FOR,
  RELAYING,
} from "../text/relaying-words.ts";
import { Switch } from "./Switch.tsx";

const OPTIONS = [
  ["nobody", "Nobody"],
  ["contacts", "My contacts"],
  ["anyone", "Anyone"],
] as const;

export function RelayChoice({ model }: { readonly model: SettingsModel }) {
  const relaying = model.relay.relaying.value;
  if (relaying === undefined) return null;
  const obstacle = obstacleWords(relaying);
  return (
    <div class="box">
      <fieldset class="choice box-field" role="radiogroup" aria-label="Relay for" aria-describedby="relay-for-words">
        <span aria-hidden="true">Relay for</span>
        <div class="segments">
          {OPTIONS.map(([option, label]) => (
            <label key={option} class="segment">
              <input
                type="radio"
                name="relay-for"
                checked={relaying.choice === option}
                onChange={() => model.setRelaysFor(option)}
              />
              <span>{label}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <p class="box-text" id="relay-for-words">
        {RELAY_FOR}
      </p>
      <label class="fact">
        <span>Daily limit (MB)</span>
        <input
          type="number"
          inputMode="numeric"
          min={1}
          max={MAX_LIMIT_MB}
          step={1}
          autoComplete="off"
          disabled={model.relay.limitMb.value === undefined}
          value={model.relay.limitMb.value ?? ""}
          onChange={(event) => model.setRelayLimit(event.currentTarget.valueAsNumber)}
        />
      </label>
      <div class="fact">
        <span>{helpedWords(relaying)}</span>
        <meter aria-label="Relayed today" min={0} max={relaying.limitBytes} value={relaying.bytes} />
      </div>
      {obstacle !== undefined && <p class="box-text">{obstacle}</p>}
      <p class="box-text">{RELAYING}</p>
      <Switch
        label="Use help from group members"
        isOn={model.relay.asksMembers.value}
        onChange={model.setAsksMembers}
      />
      <p class="box-text">{MEMBERS_HELP}</p>
      {relaying.helpedBy.map((helper) => (
        <p class="box-text" key={`${helper.name} ${helper.group}`}>
          {helpedByWords(helper)}
        </p>
      ))}
    </div>
  );
}
