/** Loads the code that draws QR codes together with the first dialog that shows one. */
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { fireAndForget } from "../../state/fire-and-forget.ts";

type Encode = (text: string) => { readonly size: number; readonly path: string };

const encode = signal<Encode | undefined>(undefined);

export interface LazyQrCodeProps {
  readonly label: string;
  readonly text: string;
  readonly onFailure: (error: unknown) => void;
}

export function LazyQrCode({ label, text, onFailure }: LazyQrCodeProps) {
  useEffect(() => {
    if (encode.value !== undefined) return;
    const work = import("./qr-path.ts").then((module) => {
      encode.value = module.qrPath;
    });
    fireAndForget(work, onFailure);
  }, []);
  const code = encode.value?.(text);
  if (code === undefined) return null;
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${code.size} ${code.size}`} shape-rendering="crispEdges">
      <path d={code.path} />
    </svg>
  );
}
