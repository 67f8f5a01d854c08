/** The first screen: what Kith is, a name, and nothing else. */
import type { AppModel } from "../../state/app.ts";
import { Logo } from "../components/Logo.tsx";
import { Protection } from "../components/Protection.tsx";
import { Later } from "../LazyDialogs.tsx";
import { NOT_REVIEWED } from "../text/about-words.ts";
import { badInviteWords } from "../text/invite-words.ts";
import { CLEARED, nameTroubleWords, PITCH } from "../text/words.ts";

export function FirstRunScreen({ app }: { readonly app: AppModel }) {
  const { firstRun, arrival } = app;
  const trouble = firstRun.trouble.value;
  const bad = arrival.bad.value;
  const phase = app.phase.value;
  const inviter = arrival.inviterName.value;
  return (
    <main class="centre">
      <form
        class="card"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          firstRun.start();
        }}
      >
        <Logo size="large" />
        <h1>Kith</h1>
        {phase.kind === "first-run" && phase.wasCleared && (
          <p class="notice" role="alert">
            {CLEARED}
          </p>
        )}
        {inviter !== undefined && (
          <p class="invitation">
            <bdi>{inviter}</bdi> invites you to chat
          </p>
        )}
        {bad !== undefined && (
          <p class="notice" role="alert">
            {badInviteWords(bad)}
          </p>
        )}
        <p>{PITCH}</p>
        <div class="field">
          <label for="own-name">Your name</label>
          <input
            id="own-name"
            type="text"
            dir="auto"
            autoComplete="off"
            autoCapitalize="words"
            spellcheck={false}
            value={firstRun.name.value}
            aria-invalid={trouble !== undefined}
            aria-describedby={trouble === undefined ? "own-name-note" : "own-name-trouble own-name-note"}
            onInput={(event) => firstRun.type(event.currentTarget.value)}
            onFocus={(event) => event.currentTarget.select()}
          />
          {trouble !== undefined && (
            <p id="own-name-trouble" class="field-trouble" role="alert">
              {nameTroubleWords(trouble)}
            </p>
          )}
        </div>
        <button type="submit" class="primary" aria-busy={firstRun.isStarting.value}>
          Start
        </button>
        <div class="fine">
          <p id="own-name-note">People you write to see this name. You can change it at any time. {NOT_REVIEWED}</p>
          <details>
            <summary>What it protects</summary>
            <Protection />
          </details>
        </div>
      </form>
      <Later app={app} at="restore" />
    </main>
  );
}
