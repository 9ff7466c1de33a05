/* What lies on the phone is encrypted: AES-256-GCM under a random key, which is wrapped by a key from the unlock code. */

export const ROUNDS = 600_000;
const SALT_BYTES = 16;
const IV_BYTES = 12;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const random = (size) => crypto.getRandomValues(new Uint8Array(size));

/* Whether this browser offers what is needed; plain http does not. */
export function canEncrypt() {
  return Boolean(globalThis.crypto && crypto.subtle);
}

/* A new random key and its wrapping under a code: what is stored, and the key for use. */
export async function newKey(code) {
  const salt = random(SALT_BYTES);
  const raw = random(32);
  const sealed = await sealBytes(await fromCode(code, salt), raw, "key");
  return { wrapping: { salt, rounds: ROUNDS, ...sealed }, key: await imported(raw) };
}

/* The key from its wrapping; null when the code is wrong. */
export async function unwrapKey(code, wrapping) {
  const outer = await fromCode(code, wrapping.salt, wrapping.rounds);
  try {
    return await imported(await openBytes(outer, wrapping, "key"));
  } catch {
    return null;
  }
}

async function fromCode(code, salt, rounds = ROUNDS) {
  const typed = await crypto.subtle.importKey("raw", encoder.encode(code.normalize("NFKC")), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return crypto.subtle.deriveKey(how, typed, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

function imported(raw) {
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}

/* Bytes under a key; `place` names where they belong, so that nothing can be moved to another place. */
export async function sealBytes(key, bytes, place) {
  const iv = random(IV_BYTES);
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: encoder.encode(place) }, key, bytes);
  return { iv, data };
}

/* The bytes again; throws when anything was changed. */
export function openBytes(key, { iv, data }, place) {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: encoder.encode(place) }, key, data);
}

/* A value of JSON under a key. */
export function seal(key, value, place) {
  return sealBytes(key, encoder.encode(JSON.stringify(value)), place);
}

/* The value again. */
export async function open(key, sealed, place) {
  return JSON.parse(decoder.decode(await openBytes(key, sealed, place)));
}

/* SHA-256 of bytes, in hexadecimal digits. */
export async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/* A new UUID, also where the browser has no function for it. */
export function newId() {
  if (crypto.randomUUID) { return crypto.randomUUID(); }
  const bytes = random(16);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
