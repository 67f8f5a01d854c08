/** Verifying a contact: the code to show and to read, the digits to compare, and the person's word. */
import { useEffect, useMemo } from "preact/hooks";
import type { DirectThreadView } from "../../core/views.ts";
import type { AppModel } from "../../state/app.ts";
import type { AppPorts } from "../../state/app-ports.ts";
import { createVerification } from "../../state/verification.ts";
import { CameraPicture } from "../components/CameraPicture.tsx";
import { Dialog } from "../components/Dialog.tsx";
import { LazyQrCode } from "../components/LazyQrCode.tsx";
import { PastedCode } from "../components/PastedCode.tsx";
import { isWarning, verifyIntroduction, verifyNewsWords } from "../text/people-words.ts";

const DIGITS_IN_A_GROUP = 5;

export interface VerifyDialogProps {
  readonly app: AppModel;
  readonly ports: AppPorts;
  readonly thread: DirectThreadView;
}

export function VerifyDialog({ app, ports, thread }: VerifyDialogProps) {
  const model = useMemo(
    () =>
      createVerification({
        messenger: ports.messenger,
        scanner: ports.scanner,
        navigator: window.navigator,
        thread: thread.id,
        onFailure: app.fail,
      }),
    [],
  );
  useEffect(() => model.dispose, [model]);
  const news = model.news.value;
  const { isVerified } = thread.contact;
  return (
    <Dialog title="Verify" class="dialog-verify" onClose={app.closeDialog}>
      <p class="quiet">{verifyIntroduction(thread.name)}</p>
      {model.isScanning.value ? (
        <CameraPicture attach={model.attach} />
      ) : (
        <div class="qr">
          {model.code.value !== "" && (
            <LazyQrCode label="Safety number QR code" text={model.code.value} onFailure={app.fail} />
          )}
        </div>
      )}
      <div class="button-row">
        {model.isScanning.value ? (
          <button type="button" class="secondary" onClick={model.stopScanning}>
            Stop scanning
          </button>
        ) : (
          <button type="button" class="secondary" onClick={model.startScanning}>
            Scan their code
          </button>
        )}
        <button type="button" class="secondary" onClick={model.copyCode}>
          Copy code
        </button>
      </div>
      <p role="status" class={news === undefined ? "fine" : `notice ${isWarning(news) ? "notice-danger" : ""}`}>
        {news === undefined
          ? "The code is no link, is good for one reading, and changes every minute."
          : verifyNewsWords(news, thread.name)}
      </p>
      <PastedCode model={model} label="Paste a code" action="Check" />
      <p class="safety-number" dir="ltr">
        {groups(model.digits).map((group, index) => (
          <span key={index}>{group} </span>
        ))}
      </p>
      {isVerified ? (
        <button type="button" class="secondary" onClick={() => model.mark(false)}>
          Remove verified mark
        </button>
      ) : (
        <button type="button" class="primary" onClick={() => model.mark(true)}>
          Mark as verified
        </button>
      )}
    </Dialog>
  );
}

function groups(digits: string): readonly string[] {
  return digits.match(new RegExp(`.{1,${DIGITS_IN_A_GROUP}}`, "g")) ?? [];
}
