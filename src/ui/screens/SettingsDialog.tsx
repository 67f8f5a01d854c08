/** Settings: who you are here, how it looks, what is stored, what you are told, how you are reached, what Kith is. */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useMemo } from "preact/hooks";
import type { AppModel } from "../../state/app.ts";
import type { AppPorts } from "../../state/app-ports.ts";
import { createPeople } from "../../state/people.ts";
import { createSettings, type SettingsModel } from "../../state/settings.ts";
import { AppearanceChoice } from "../components/AppearanceChoice.tsx";
import { BlockedList } from "../components/BlockedList.tsx";
import { CarryChoice } from "../components/CarryChoice.tsx";
import { ConnectionDoctor } from "../components/ConnectionDoctor.tsx";
import { Dialog } from "../components/Dialog.tsx";
import { IceServerFacts } from "../components/IceServerFacts.tsx";
import { OpenInvites } from "../components/OpenInvites.tsx";
import { NotifySwitches } from "../components/NotifySwitches.tsx";
import { Protection } from "../components/Protection.tsx";
import { ProtectionFacts } from "../components/ProtectionFacts.tsx";
import { RelayChoice } from "../components/RelayChoice.tsx";
import { ReleaseFacts } from "../components/ReleaseFacts.tsx";
import { StorageFacts } from "../components/StorageFacts.tsx";
import { networkWords } from "../text/network-words.ts";
import { relayHost, relayStateWords } from "../text/path-words.ts";
import { INSTALL_BY_MENU, nameTroubleWords, PITCH, UPDATE_READY } from "../text/words.ts";

export interface SettingsDialogProps {
  readonly app: AppModel;
  readonly ports: AppPorts;
}

export function SettingsDialog({ app, ports }: SettingsDialogProps) {
  const model = useMemo(() => createSettings(ports, app.profile.value?.name ?? "", app.announcer, app.fail), []);
  useEffect(() => model.dispose, [model]);
  const people = useMemo(
    () => createPeople({ messenger: ports.messenger, open: app.openThread, onFailure: app.fail }),
    [],
  );
  useEffect(() => people.dispose, [people]);
  const close = (): void => {
    model.saveName();
    app.closeDialog();
  };
  return (
    <Dialog title="Settings" class="dialog-settings" onClose={close}>
      <Region title="Profile">
        <OwnName model={model} />
        <OpenInvites model={model} />
      </Region>
      <Region title="Appearance">
        <AppearanceChoice appearance={app.appearance} />
      </Region>
      <Region title="Relaying">
        <RelayChoice model={model} />
        <CarryChoice model={model} />
      </Region>
      <Region title="Security">
        <ProtectionFacts app={app} ports={ports} />
        <BlockedList model={people} />
      </Region>
      <Region title="Storage">
        <StorageFacts app={app} ports={ports} model={model} />
      </Region>
      <Region title="Notifications">
        <NotifySwitches model={model} />
      </Region>
      <Region title="Network">
        <NetworkFacts app={app} ports={ports} />
      </Region>
      <Region title="About">
        <div class="box">
          <ReleaseFacts app={app} model={model} />
          <AppFacts app={app} />
          <div class="box-text">
            <p>{PITCH}</p>
            <Protection />
          </div>
        </div>
      </Region>
    </Dialog>
  );
}

/** What can be done with the app itself, while there is something. */
function AppFacts({ app: { install, updates } }: { readonly app: AppModel }) {
  const offer = install.offer.value;
  return (
    <>
      {updates.isReady.value && (
        <div class="fact">
          <span>{UPDATE_READY}</span>
          <button type="button" class="secondary" onClick={updates.apply}>
            Update
          </button>
        </div>
      )}
      {offer === "button" && (
        <div class="fact">
          <span>Starts from its own icon, without a network too.</span>
          <button type="button" class="secondary" onClick={install.install}>
            Install Kith
          </button>
        </div>
      )}
      {offer === "menu" && <p class="box-text">{INSTALL_BY_MENU}</p>}
    </>
  );
}

function Region({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  const id = useId();
  return (
    <section class="region" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {children}
    </section>
  );
}

function OwnName({ model }: { readonly model: SettingsModel }) {
  const trouble = model.nameTrouble.value;
  return (
    <form
      class="box field box-field"
      onSubmit={(event) => {
        event.preventDefault();
        model.saveName();
      }}
    >
      <label for="settings-name">Your name</label>
      <input
        id="settings-name"
        type="text"
        dir="auto"
        autoComplete="off"
        value={model.name.value}
        aria-invalid={trouble !== undefined}
        aria-describedby="settings-name-note"
        onInput={(event) => model.typeName(event.currentTarget.value)}
        onBlur={model.saveName}
      />
      {trouble !== undefined && (
        <p class="field-trouble" role="alert">
          {nameTroubleWords(trouble)}
        </p>
      )}
      <p id="settings-name-note" class="fine">
        {model.isNameSaved.value
          ? "Saved. Your contacts see it the next time you are connected."
          : "People you write to see this name."}
      </p>
    </form>
  );
}

function NetworkFacts({ app, ports }: SettingsDialogProps) {
  const network = app.network.value;
  const { state, reason } = networkWords(network, app.isNetworkSlow.value);
  return (
    <div class="box">
      <div class="fact">
        <span>
          {state}
          <small>{reason}</small>
        </span>
        <span class={`dot dot-${state.toLowerCase()}`} aria-hidden="true" />
      </div>
      {network.relays.map((relay) => (
        <div key={relay.address} class="fact">
          <span>
            <bdi>{relayHost(relay.address)}</bdi>
            <small>{relayStateWords(relay.state)}</small>
          </span>
        </div>
      ))}
      <IceServerFacts urls={ports.iceServers()} />
      <p class="box-text">
        Relays help devices find each other. They learn who is online, but no message can be read there.
      </p>
      <ConnectionDoctor app={app} ports={ports} />
    </div>
  );
}
