/* Photos and files: the bytes as they were taken, their SHA-256, and a small picture for the screen. */
import { addOperation } from "./changes.js";
import { sha256 } from "./crypto.js";

const PREVIEW = 480;
const LARGEST = 20 * 1024 * 1024;

/* Keep a chosen file at a place of a visit; returns its operation, or the code of what is wrong with it. */
export async function attach(store, visit, file, { section, item = null, point = null, purpose = "photo", caption = "" }) {
  if (file.size > LARGEST) { return "file-too-large"; }
  if (!file.size) { return "file-empty"; }
  const kept = await keepFile(store, file);
  const taken_at = file.lastModified ? new Date(file.lastModified).toISOString() : null;
  return addOperation(store, visit, "attach", { file: kept.sha256, section, item, point, purpose, caption, taken_at });
}

/* Keep the bytes of a file on the phone. */
export async function keepFile(store, file) {
  const bytes = await file.arrayBuffer();
  const digest = await sha256(bytes);
  const known = store.files.get(digest);
  if (known) { return known; }
  const kept = { sha256: digest, size: bytes.byteLength, type: file.type || "application/octet-stream", state: "here", received: 0 };
  await store.keepBytes(kept, bytes, await previewOf(file));
  return kept;
}

async function previewOf(file) {
  if (!file.type.startsWith("image/")) { return null; }
  try {
    const image = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, PREVIEW / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.width * scale));
    canvas.height = Math.max(1, Math.round(image.height * scale));
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    image.close();
    const blob = await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", 0.8); });
    return blob ? await blob.arrayBuffer() : null;
  } catch {
    return null; // a kind of picture this browser cannot draw is kept all the same
  }
}

/* An address for the small picture of a file, or null; give it back with URL.revokeObjectURL. */
export async function previewAddress(store, digest) {
  const bytes = await store.previewOf(digest);
  return bytes ? URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" })) : null;
}
