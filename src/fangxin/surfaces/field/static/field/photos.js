// Pictures: made small on the phone and written anew, so that nothing of the original file but the image leaves it.

export const LONGEST_SIDE = 1600;
export const QUALITY = 0.8;
// Beyond this even reading the file could end the page on a small phone.
export const LARGEST_FILE = 80 * 1024 * 1024;

// More pixels than this do not fit into a small phone's memory once unpacked (four bytes each).
export const MOST_PIXELS = 120_000_000;
const HEAD = 512 * 1024;

export class NotAPhoto extends Error {}
export class TooLarge extends Error {}

export async function shrink(file) {
  if (file.size > LARGEST_FILE) throw new TooLarge();
  const size = sizeOf(new Uint8Array(await file.slice(0, HEAD).arrayBuffer()));
  if (!size) throw new NotAPhoto();
  if (size.width * size.height > MOST_PIXELS) throw new TooLarge();
  const image = await decode(file);
  try {
    const scale = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.width * scale));
    canvas.height = Math.max(1, Math.round(image.height * scale));
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return await jpeg(canvas);
  } finally {
    image.close();
  }
}

// Width and height as the first bytes of a JPEG, PNG or WebP picture tell them; null for anything else.
export function sizeOf(head) {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  try {
    if (view.getUint16(0) === 0xffd8) return jpegSize(view);
    if (view.getUint32(0) === 0x89504e47) return { width: view.getUint32(16), height: view.getUint32(20) };
    if (view.getUint32(0) === 0x52494646 && view.getUint32(8) === 0x57454250) return webpSize(view);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return null;
}

function jpegSize(view) {
  for (let at = 2; view.getUint8(at) === 0xff; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint8(at + 1);
    const frame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (frame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
  }
  return null;
}

function webpSize(view) {
  const kind = view.getUint32(12);
  if (kind === 0x56503820) return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  if (kind === 0x5650384c) {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
  }
  const part = (at) => view.getUint16(at, true) + (view.getUint8(at + 2) << 16) + 1;
  return kind === 0x56503858 ? { width: part(24), height: part(27) } : null;
}

async function decode(file) {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new NotAPhoto();
  }
}

export async function jpeg(canvas, quality = QUALITY) {
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
  if (!blob) throw new NotAPhoto();
  return new Uint8Array(await blob.arrayBuffer());
}

export async function digestOf(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Sealed pictures in the cabinet, by what they are.
export class Photos {
  constructor(store, box) {
    this.store = store;
    this.box = box;
  }

  async keep(bytes) {
    const digest = await digestOf(bytes);
    await this.store.put(`photo:${digest}`, await this.box.sealBytes(bytes));
    return digest;
  }

  async read(digest) {
    const sealed = await this.store.get(`photo:${digest}`);
    return sealed ? this.box.openBytes(sealed) : null;
  }

  // Pictures to which no operation on the phone refers any more.
  async tidy(wanted) {
    for (const name of await this.store.names("photo:")) {
      if (!wanted.has(name.slice("photo:".length))) await this.store.drop(name);
    }
  }
}
