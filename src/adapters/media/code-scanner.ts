/** Reads QR codes with the camera. The decoder is loaded with the first use; pictures stay on this device and are not kept. */

/** Looked at this often: quick enough for a hand that holds still, and leaves the page responsive. */
const LOOK_EVERY_MS = 150;
/** Codes on a screen are large: more pixels only cost time. */
const LONGEST_SIDE_PX = 720;

export type ScanEnd = "stopped" | "denied" | "no-camera";

export interface CodeScanner {
  scan(video: HTMLVideoElement, onText: (text: string) => void, signal: AbortSignal): Promise<ScanEnd>;
}

export function createCodeScanner(): CodeScanner {
  return {
    async scan(video, onText, signal) {
      const [stream, { decodeQR }] = await Promise.all([openCamera(), import("qr/decode.js")]);
      if (typeof stream === "string") return stream;
      try {
        video.srcObject = stream;
        await video.play().catch(() => undefined);
        const canvas = document.createElement("canvas");
        while (!signal.aborted) {
          const text = read(video, canvas, decodeQR);
          if (text !== undefined) onText(text);
          await pause(signal);
        }
        return "stopped";
      } finally {
        for (const track of stream.getTracks()) track.stop();
        video.srcObject = null;
      }
    },
  };
}

async function openCamera(): Promise<MediaStream | "denied" | "no-camera"> {
  // Absent where the page is not secure or the browser has none.
  const devices = (navigator as Partial<Navigator>).mediaDevices;
  if (devices === undefined) return "no-camera";
  try {
    return await devices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
  } catch (error) {
    return error instanceof DOMException && error.name === "NotAllowedError" ? "denied" : "no-camera";
  }
}

type Decode = (image: { width: number; height: number; data: Uint8ClampedArray }) => string;

function read(video: HTMLVideoElement, canvas: HTMLCanvasElement, decode: Decode): string | undefined {
  const { videoWidth, videoHeight } = video;
  const scale = Math.min(1, LONGEST_SIDE_PX / Math.max(videoWidth, videoHeight, 1));
  const [width, height] = [Math.floor(videoWidth * scale), Math.floor(videoHeight * scale)];
  if (width === 0 || height === 0) return undefined;
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) return undefined;
  context.drawImage(video, 0, 0, width, height);
  try {
    return decode(context.getImageData(0, 0, width, height));
  } catch {
    // The decoder throws when there is no code in the picture.
    return undefined;
  }
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, LOOK_EVERY_MS);
    signal.addEventListener("abort", done);
  });
}
