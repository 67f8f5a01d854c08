/** Settings, Network: looks at what works from here, why, and what would help. */
import { useMemo } from "preact/hooks";
import type { AppModel } from "../../state/app.ts";
import type { AppPorts } from "../../state/app-ports.ts";
import { createDoctor, type Diagnosis } from "../../state/doctor.ts";
import {
  cameraWords,
  contactWords,
  type FindingWords,
  microphoneWords,
  relaysWords,
  reportText,
  udpWords,
} from "../text/doctor-words.ts";

export interface ConnectionDoctorProps {
  readonly app: AppModel;
  readonly ports: AppPorts;
}

export function ConnectionDoctor({ app, ports }: ConnectionDoctorProps) {
  const model = useMemo(
    () =>
      createDoctor({
        probe: ports.probe,
        network: app.network,
        threads: app.threads.list,
        navigator: window.navigator,
        announcer: app.announcer,
        report: (diagnosis) => reportText(diagnosis, ports.release.version),
        onFailure: app.fail,
      }),
    [],
  );
  const diagnosis = model.diagnosis.value;
  return (
    <>
      <div class="box-text">
        <p>Not connected? See what works from here, and what would help.</p>
        <button type="button" class="secondary" onClick={model.look} disabled={model.isLooking.value}>
          {model.isLooking.value ? "Looking…" : "Check connection"}
        </button>
      </div>
      <div role="status">{diagnosis !== undefined && <Findings diagnosis={diagnosis} />}</div>
      {diagnosis !== undefined && (
        <div class="box-text">
          <p>To ask somebody for help: the report holds no name and no address.</p>
          <button type="button" class="secondary" onClick={model.copyReport}>
            Copy report
          </button>
        </div>
      )}
    </>
  );
}

function Findings({ diagnosis }: { readonly diagnosis: Diagnosis }) {
  return (
    <ul class="findings" aria-label="Findings">
      <Finding {...relaysWords(diagnosis)} />
      <Finding {...udpWords(diagnosis)} />
      <Finding {...cameraWords(diagnosis)} />
      <Finding {...microphoneWords(diagnosis)} />
      {diagnosis.contacts.map((contact, index) => {
        const { title, detail } = contactWords(contact);
        return <Finding key={index} name={contact.name} title={title} detail={detail} />;
      })}
    </ul>
  );
}

function Finding({ name, title, detail }: FindingWords & { readonly name?: string }) {
  return (
    <li class="fact">
      <span>
        {name !== undefined && (
          <>
            <bdi>{name}</bdi>:{" "}
          </>
        )}
        {title}
        <small>{detail}</small>
      </span>
    </li>
  );
}
