/* Section 8, checkpoints: C2SP signed notes with Ed25519, cosigned by witnesses. Signatures are checked by the
   browser's own WebCrypto where it knows Ed25519, else by a kept library. */
import { SamplingError } from "./errors.js";
import { hashBytes, hex, LOG_HASH, utf8 } from "./hashing.js";
import { ed25519 } from "./libraries.js";
import { shown } from "./shown.js";

export const VALID = "valid";
export const INVALID = "invalid";
export const UNKNOWN_KEY = "unknown-key";

const COSIGNATURE = 4;
const HEAD_SIZE = 32;
const TIMED_SIGNATURE_SIZE = 72;
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const BASE64 = "([A-Za-z0-9+/]+={0,2})";
const SIGNATURE = new RegExp(`^— ([^${SPACE}+]+) ${BASE64}$`, "u");
const VERIFIER_KEY = new RegExp(`^([^${SPACE}+]+)\\+([0-9a-f]{8})\\+${BASE64}$`, "u");
const SIZE = /^(0|[1-9][0-9]{0,15})$/;

/* Take a signed note apart: {text with its final LF, signatures as [name, bytes]}. */
export function parseNote(note) {
  const gap = note.lastIndexOf("\n\n");
  if (gap < 0 || !note.endsWith("\n") || gap + 2 >= note.length) { throw new SamplingError("note-malformed"); }
  const lines = note.slice(gap + 2, -1).split("\n");
  return { text: `${note.slice(0, gap)}\n`, signatures: lines.map(readSignature) };
}

/* Read the text of a checkpoint: which log, how many leaves, and their tree head. `size` is BigInt. */
export function parseCheckpoint(text) {
  const lines = text.split("\n");
  if (lines.length < 4 || !lines[0] || !SIZE.test(lines[1])) { throw new SamplingError("note-malformed"); }
  const head = unbase64(lines[2]);
  if (head.length !== HEAD_SIZE) { throw new SamplingError("note-malformed"); }
  return { origin: lines[0], size: BigInt(lines[1]), head };
}

/* Read a verifier key, name+id+base64(kind ‖ key), and check that its id fits. */
export function parseVerifierKey(text) {
  const found = VERIFIER_KEY.exec(text);
  if (!found) { throw new SamplingError("key-malformed", { key: shown(text) }); }
  const encoded = unbase64(found[3]);
  const key = { name: found[1], id: found[2], kind: encoded[0], publicKey: encoded.slice(1) };
  if (key.id !== keyId(key.name, encoded)) { throw new SamplingError("key-malformed", { key: shown(text) }); }
  return key;
}

function keyId(name, encoded) {
  return hex(hashBytes(LOG_HASH, Uint8Array.from([...utf8(`${name}\n`), ...encoded])).slice(0, 4));
}

/* Check every signature of a note: {name, state, isWitness} each. */
export async function checkSignatures(note, keys) {
  const known = new Map(keys.map((key) => [`${key.name} ${key.id}`, key]));
  const checks = [];
  for (const [name, signature] of note.signatures) {
    checks.push(await checked(note.text, name, signature, known.get(`${name} ${hex(signature.slice(0, 4))}`)));
  }
  return checks;
}

/* The names of the witnesses whose cosignatures hold; of those who saw the note after `until` (Unix seconds), none. */
export function witnessesOf(checks, until = null) {
  const holding = checks.filter((check) => check.isWitness && check.state === VALID);
  return new Set(holding.filter((check) => until === null || check.seenAt <= until).map(({ name }) => name));
}

/* The text of a witness's statement that `verify` agreed on the full bundle (section 1). */
export function statementText({ draw, commitmentDigest, recordDigest }) {
  return `double-random-draw/1 statement\n${draw}\n${commitmentDigest}\n${recordDigest}\nagrees\n`;
}

async function checked(text, name, signature, key) {
  if (!key) { return { name, state: UNKNOWN_KEY, isWitness: false }; }
  if (key.kind !== COSIGNATURE) {
    return { name, state: await stateOf(key.publicKey, signature.slice(4), utf8(text)), isWitness: false };
  }
  if (signature.length !== 4 + TIMED_SIGNATURE_SIZE) { return { name, state: INVALID, isWitness: true }; }
  const seenAt = BigInt(`0x${hex(signature.slice(4, 12))}`);
  const message = utf8(`cosignature/v1\ntime ${seenAt}\n${text}`);
  return { name, state: await stateOf(key.publicKey, signature.slice(12), message), isWitness: true, seenAt };
}

async function stateOf(publicKey, signature, message) {
  return await holds(publicKey, signature, message) ? VALID : INVALID;
}

async function holds(publicKey, signature, message) {
  if (publicKey.length !== 32 || signature.length !== 64) { return false; }
  const byBrowser = await holdsByBrowser(publicKey, signature, message);
  if (byBrowser !== null) { return byBrowser; }
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
}

/* What WebCrypto says; null where it is missing or does not know Ed25519. */
async function holdsByBrowser(publicKey, signature, message) {
  const subtle = globalThis.crypto && globalThis.crypto.subtle;
  if (!subtle) { return null; }
  try {
    const key = await subtle.importKey("raw", publicKey, { name: "Ed25519" }, false, ["verify"]);
    return await subtle.verify({ name: "Ed25519" }, key, signature, message);
  } catch {
    return null;
  }
}

function readSignature(line) {
  const found = SIGNATURE.exec(line);
  if (!found) { throw new SamplingError("note-malformed"); }
  return [found[1], unbase64(found[2])];
}

function unbase64(text) {
  let decoded;
  try {
    decoded = atob(text);
  } catch {
    throw new SamplingError("note-malformed");
  }
  // Base64 may carry unused bits; only one spelling is accepted, so that no byte can change unseen.
  if (!decoded || btoa(decoded) !== text) { throw new SamplingError("note-malformed"); }
  return Uint8Array.from(decoded, (char) => char.charCodeAt(0));
}
