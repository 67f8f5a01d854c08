/** What the camera sees while a code is looked for. */
import { useEffect, useRef } from "preact/hooks";

export interface CameraPictureProps {
  /** Begins the scanning; returns what ends it. */
  readonly attach: (video: HTMLVideoElement) => () => void;
}

export function CameraPicture({ attach }: CameraPictureProps) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => (video.current === null ? undefined : attach(video.current)), [attach]);
  return <video ref={video} class="scanner" aria-label="Picture of the camera" muted playsInline />;
}
