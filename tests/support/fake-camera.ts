/** A camera that sees what the test wants it to see: Chromium plays a file as the picture of its only camera. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator } from "@playwright/test";

const WIDTH_PX = 640;
const HEIGHT_PX = 480;
const MODULE_PX = 8;
const WHITE = 235;
const BLACK = 16;
const NO_COLOUR = 128;

export class FakeCamera {
  readonly #folder = mkdtempSync(join(tmpdir(), "kith-camera-"));

  /** Of the browser that has this camera, and whose person allows its use. */
  get flags(): readonly string[] {
    return [
      "--use-fake-ui-for-media-stream",
      "--use-fake-device-for-media-stream",
      `--use-file-for-fake-video-capture=${this.#file}`,
    ];
  }

  /** Holds the camera before a QR code on somebody's screen. Opened after this, it sees it. */
  async pointAt(code: Locator): Promise<void> {
    const drawn = await code.evaluate((svg) => ({
      size: Number(svg.getAttribute("viewBox")?.split(" ")[2]),
      path: svg.querySelector("path")?.getAttribute("d") ?? "",
    }));
    const picture = new Uint8Array((WIDTH_PX * HEIGHT_PX * 3) / 2).fill(NO_COLOUR);
    picture.fill(WHITE, 0, WIDTH_PX * HEIGHT_PX);
    const left = Math.floor((WIDTH_PX - drawn.size * MODULE_PX) / 2);
    const top = Math.floor((HEIGHT_PX - drawn.size * MODULE_PX) / 2);
    if (drawn.path === "" || left < 0 || top < 0) throw new Error("the code does not fit the picture");
    for (const [, x, y] of drawn.path.matchAll(/M(\d+) (\d+)h1/g)) {
      for (let row = 0; row < MODULE_PX; row += 1) {
        const start = (top + Number(y) * MODULE_PX + row) * WIDTH_PX + left + Number(x) * MODULE_PX;
        picture.fill(BLACK, start, start + MODULE_PX);
      }
    }
    const header = `YUV4MPEG2 W${WIDTH_PX} H${HEIGHT_PX} F10:1 Ip C420jpeg\nFRAME\n`;
    writeFileSync(this.#file, Buffer.concat([Buffer.from(header), picture]));
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #file(): string {
    return join(this.#folder, "picture.y4m");
  }
}
