/** Pairing without internet: one code on each screen, read by the other. */
import { useEffect, useMemo } from "preact/hooks";
import type { AppModel } from "../../state/app.ts";
import type { AppPorts } from "../../state/app-ports.ts";
import { createPairing, type PairModel } from "../../state/pairing.ts";
import { CameraPicture } from "../components/CameraPicture.tsx";
import { Dialog } from "../components/Dialog.tsx";
import { LazyQrCode } from "../components/LazyQrCode.tsx";
import { PastedCode } from "../components/PastedCode.tsx";
import { pairNewsWords, pairStepWords } from "../text/pairing-words.ts";

export interface PairDialogProps {
  readonly app: AppModel;
  readonly ports: AppPorts;
}

export function PairDialog({ app, ports }: PairDialogProps) {
  const model = useMemo(
    () =>
      createPairing({
        messenger: ports.messenger,
        scanner: ports.scanner,
        navigator: window.navigator,
        open: app.openThread,
        onFailure: app.fail,
      }),
    [],
  );
  useEffect(() => model.dispose, [model]);
  const step = model.step.value;
  const news = model.news.value;
  return (
    <Dialog title="Pair without internet" class="dialog-small" onClose={app.closeDialog}>
      <p role="status" class="quiet">
        {pairStepWords(step)}
      </p>
      {step.kind === "choice" && (
        <>
          <button type="button" class="primary" onClick={model.showCode}>
            Show a code
          </button>
          <button type="button" class="secondary" onClick={model.readTheirs}>
            Read their code
          </button>
        </>
      )}
      {(step.kind === "offer" || step.kind === "answer") && <Shown app={app} model={model} code={step.code} />}
      {(step.kind === "reading-offer" || step.kind === "reading-answer") && <Reading model={model} />}
      {news !== undefined && (
        <p role={news === "copied" ? "status" : "alert"} class={news === "copied" ? "fine" : "notice"}>
          {pairNewsWords(news)}
        </p>
      )}
      {step.kind === "offer" && (
        <button type="button" class="primary" onClick={model.readAnswer}>
          Read their answer
        </button>
      )}
      {step.kind !== "choice" && step.kind !== "linking" && (
        <button type="button" class="secondary" onClick={model.back}>
          {step.kind === "reading-answer" ? "Show my code again" : "Start over"}
        </button>
      )}
    </Dialog>
  );
}

function Shown({ app, model, code }: { readonly app: AppModel; readonly model: PairModel; readonly code: string }) {
  return (
    <>
      <div class="qr qr-dense">
        <LazyQrCode label="Pairing code" text={code} onFailure={app.fail} />
      </div>
      <button type="button" class="secondary" onClick={model.copyCode}>
        Copy code
      </button>
    </>
  );
}

function Reading({ model }: { readonly model: PairModel }) {
  const isScanning = model.isScanning.value;
  return (
    <>
      {isScanning && <CameraPicture attach={model.attach} />}
      <button type="button" class="secondary" onClick={isScanning ? model.stopScanning : model.startScanning}>
        {isScanning ? "Stop scanning" : "Scan their code"}
      </button>
      <PastedCode model={model} label="Paste a code" action="Use" />
    </>
  );
}
