/* Section 0: H, which is SHA-256, or SM3 when the draw says "hash":"sm3". The log always uses SHA-256.

   Tickets and trees are millions of small hashes and use a library; whole files use the browser's own WebCrypto where
   it has one, whose answers are asked for beforehand (`rememberDigests`) and kept beside the bytes. */
import { SamplingError } from "./errors.js";
import { sha256, sm3 } from "./libraries.js";

export const PROTOCOL = "double-random-draw/1";
export const LOG_HASH = "sha256";

const STARTERS = new Map([["sha256", sha256], ["sm3", (data) => Uint8Array.from(sm3(data))]]);
export const HASH_NAMES = [...STARTERS.keys()].sort();

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const encoder = new TextEncoder();
const known = { sha256: new WeakMap(), sm3: new WeakMap() };

/* Bytes of a text in UTF-8. */
export function utf8(text) {
  return encoder.encode(text);
}

/* Lower-case hex of bytes. */
export function hex(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 1) { text += HEX[bytes[i]]; }
  return text;
}

/* Bytes of hex. */
export function fromHex(text) {
  return Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
}

/* H of bytes, as bytes. */
export function hashBytes(hashName, data) {
  const start = STARTERS.get(hashName);
  if (!start) { throw new SamplingError("hash-unknown", { name: hashName }); }
  return start(data);
}

/* H of bytes, as lower-case hex. */
export function hexDigest(hashName, data) {
  const kept = known[hashName];
  if (kept && kept.has(data)) { return kept.get(data); }
  const digest = hex(hashBytes(hashName, data));
  if (kept) { kept.set(data, digest); }
  return digest;
}

/* H of a text, as lower-case hex. */
export function textDigest(hashName, text) {
  return hex(hashBytes(hashName, utf8(text)));
}

/* H of lines, each followed by LF: the form of all commitments and keys of sections 2 and 3. */
export function linesDigest(hashName, ...lines) {
  return textDigest(hashName, lines.map((line) => `${line}\n`).join(""));
}

/* Ask WebCrypto for the SHA-256 of whole files; without it the library answers when asked. */
export async function rememberDigests(files) {
  const subtle = globalThis.crypto && globalThis.crypto.subtle;
  if (!subtle) { return; }
  for (const data of files) {
    known.sha256.set(data, hex(new Uint8Array(await subtle.digest("SHA-256", data))));
  }
}
