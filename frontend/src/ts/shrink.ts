// A small copy of a photo, so that the office sees it at once; the original stays untouched and follows.
// Drawing anew leaves the picture's own record (camera, position, time) behind: the answer carries time and position.

export const LONG_SIDE = 1600;
const SMALL_ENOUGH_BYTES = 600_000;
const QUALITY = 0.82;

export interface Drawn { width: number; height: number; close?(): void }
export interface Tools {
  decode(blob: Blob): Promise<Drawn>;
  draw(picture: Drawn, width: number, height: number): Promise<Blob | null>;
}

/** Width and height within `side`, in proportion, never larger than they are. */
export function fitted(width: number, height: number, side = LONG_SIDE): { width: number; height: number } {
  const scale = Math.min(1, side / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

const BROWSER: Tools = {
  // Turned upright as the picture's record says, since the copy has no such record.
  decode: (blob) => createImageBitmap(blob, { imageOrientation: "from-image" }),
  draw: (picture, width, height) => {
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    canvas.getContext("2d")?.drawImage(picture as unknown as CanvasImageSource, 0, 0, width, height);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  },
};

/** The small copy, or undefined where the original is small itself or this browser cannot read it: then it goes whole. */
export async function smallCopy(original: Blob, tools: Tools = BROWSER): Promise<Blob | undefined> {
  try {
    const picture = await tools.decode(original);
    const size = fitted(picture.width, picture.height);
    if (size.width === picture.width && original.size <= SMALL_ENOUGH_BYTES) return undefined;
    const copy = await tools.draw(picture, size.width, size.height);
    picture.close?.();
    return copy && copy.size > 0 && copy.size < original.size ? copy : undefined;
  } catch {
    return undefined;
  }
}
