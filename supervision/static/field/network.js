/* Calls of the interface (docs/field-work.md). A call ends with an answer or with a Trouble that says what kind it is. */

const api = () => document.body.dataset.api;
const PATIENCE = 30_000;
let speaker = null;

/* Every call names the phone, so that a revoked one learns it whatever it asks. */
export function speakAs(device) { speaker = device; }

/* What went wrong: "offline", "sign-in", "busy" (try again later) or "refused" (with the server's code and words). */
export class Trouble extends Error {
  constructor(kind, { status = 0, code = "", zh = "", en = "", more = {} } = {}) {
    super(code || kind);
    Object.assign(this, { kind, status, code, zh, en, more });
  }
}

async function ask(path, { method = "GET", headers = {}, body = undefined, token = null } = {}) {
  const all = { Accept: "application/json", ...(token ? { "X-CSRF-Token": token } : {}), ...(speaker ? { "Field-Device": speaker } : {}), ...headers };
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), PATIENCE);
  try {
    return await fetch(api() + path, { method, headers: all, body, credentials: "same-origin", cache: "no-store",
      redirect: "manual", signal: controller.signal });
  } catch {
    throw new Trouble("offline");
  } finally {
    clearTimeout(timer);
  }
}

/* The JSON of an answer; a page of the sign-in or of a wireless network in between is no answer. */
async function read(response) {
  if (response.type === "opaqueredirect" || response.status === 401) { throw new Trouble("sign-in"); }
  let said;
  try {
    said = await response.json();
  } catch {
    throw new Trouble(response.status >= 500 || response.ok ? "busy" : "refused", { status: response.status });
  }
  if (response.ok) { return said; }
  const facts = { status: response.status, code: said.code || "", zh: said.zh || said.title || "", en: said.en || said.title || "", more: said };
  if (response.status >= 500 || response.status === 429 || response.status === 408) { throw new Trouble("busy", facts); }
  throw new Trouble(/csrf|session|sign-in/.test(facts.code) ? "sign-in" : "refused", facts);
}

const json = (value) => ({ method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(value) });

/* Who is signed in, and the token for writing. */
export async function getSession() {
  return read(await ask("session"));
}

/* Whether this device is "active", "revoked" or "unknown"; needs no session. */
export async function getDevice(device) {
  return (await read(await ask(`devices/${device}`))).state;
}

export async function registerDevice(device, name, token) {
  return read(await ask("devices", { ...json({ id: device, name }), token }));
}

/* The package for this device: {package, etag}, or {expires} when it has not changed since `etag`. */
export async function getPackage(device, etag) {
  const response = await ask(`package?device=${device}`, { headers: etag ? { "If-None-Match": etag } : {} });
  if (response.status === 304) { return { expires: response.headers.get("Package-Expires") }; }
  return { package: await read(response), etag: response.headers.get("ETag") };
}

export async function sendOperations(device, operations, token) {
  return read(await ask("operations", { ...json({ device, operations }), token }));
}

/* What became of all operations sent before. */
export async function getResults(device) {
  const found = [];
  for (let after = ""; ;) {
    const { results, more } = await read(await ask(`operations?device=${device}${after}`));
    found.push(...results);
    if (!more || !results.length) { return found; }
    after = `&after=${results[results.length - 1].id}`;
  }
}

/* Begin or resume a file: {sha256, received, complete}. */
export async function beginFile(device, file, token) {
  const { sha256, size, type } = file;
  return read(await ask("files", { ...json({ device, sha256, size, type }), token }));
}

/* Open the record once to the enterprise's own phone: {url, qr, expires_at}. */
export async function openParty(device, visit, seen, token) {
  return read(await ask(`visits/${visit}/party-link`, { ...json({ device, seen }), token }));
}

/* Add a piece of a file at an offset: {received, complete}. */
export async function sendPiece(sha256, offset, bytes, token) {
  const headers = { "Upload-Offset": String(offset), "Content-Type": "application/octet-stream" };
  return read(await ask(`files/${sha256}`, { method: "PUT", headers, body: bytes, token }));
}
