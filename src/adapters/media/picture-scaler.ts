/** Makes a small square of a picture, on this device. What comes out is encoded anew: nothing of the file but its pixels is in it. */

import { plainWebp } from "./plain-webp.ts";

/** Large enough for a sharp picture where it is shown largest, on a screen with two pixels for one. */
const SIDES_PX = [192, 128, 96] as const;
const QUALITIES = [0.85, 0.7, 0.55, 0.4, 0.25] as const;
/** Browsers that cannot write WebP give a PNG instead. */
const TYPES = ["image/webp", "image/jpeg"] as const;

export interface PictureScaler {
  scale(file: Blob, maxBytes: number): Promise<Uint8Array | undefined>;
}

export function createPictureScaler(): PictureScaler {
  return {
    async scale(file, maxBytes) {
      const bitmap = await createImageBitmap(file).catch(() => undefined);
      if (bitmap === undefined) return undefined;
      try {
        for (const side of SIDES_PX) {
          const canvas = drawSquare(bitmap, side);
          const bytes = canvas === undefined ? undefined : await encode(canvas, maxBytes);
          if (bytes !== undefined) return bytes;
        }
        return undefined;
      } finally {
        bitmap.close();
      }
    },
  };
}

function drawSquare(bitmap: ImageBitmap, side: number): HTMLCanvasElement | undefined {
  const canvas = document.createElement("canvas");
  canvas.width = side;
  canvas.height = side;
  // Without transparency WebP stays in its simple format.
  const context = canvas.getContext("2d", { alpha: false });
  if (context === null) return undefined;
  context.fillStyle = "#fff";
  context.fillRect(0, 0, side, side);
  context.imageSmoothingQuality = "high";
  const shorter = Math.min(bitmap.width, bitmap.height);
  const [left, top] = [(bitmap.width - shorter) / 2, (bitmap.height - shorter) / 2];
  context.drawImage(bitmap, left, top, shorter, shorter, 0, 0, side, side);
  return canvas;
}

async function encode(canvas: HTMLCanvasElement, maxBytes: number): Promise<Uint8Array | undefined> {
  for (const type of TYPES) {
    for (const quality of QUALITIES) {
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, quality));
      if (blob?.type !== type) break;
      const written = new Uint8Array(await blob.arrayBuffer());
      const bytes = type === "image/webp" ? plainWebp(written) : written;
      if (bytes !== undefined && bytes.length <= maxBytes) return bytes;
    }
  }
  return undefined;
}
