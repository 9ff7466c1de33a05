/* All that the phone holds for a user, in memory once unlocked; every change is written behind, encrypted, in order. */
import { open, openBytes, seal, sealBytes } from "./crypto.js";

const PACKAGE = "package";
const SETTINGS = "settings";

export class Store extends EventTarget {
  constructor(database, key) {
    super();
    this.database = database;
    this.key = key;
    this.package = null;
    this.etag = null;
    this.settings = { place: false };
    this.operations = []; // [{id, made, state, operation, result, settled}] in the order they were made
    this.drafts = new Map(); // "visit:item" → {visit, section, item, base, form, entry}
    this.files = new Map(); // sha256 → {sha256, size, type, state, received}
    this.waiting = new Map(); // what is still to be written: place → what writes it
    this.writing = null;
    this.failed = null;
  }

  /* Read everything that lies on the phone. */
  async load() {
    for (const row of await this.database.values.toArray()) {
      const value = await open(this.key, row, row.key);
      if (row.key === PACKAGE) { [this.package, this.etag] = [value.package, value.etag]; }
      else if (row.key === SETTINGS) { this.settings = { ...this.settings, ...value }; }
      else if (row.key.startsWith("draft:")) { this.drafts.set(row.key.slice("draft:".length), value); }
      else if (row.key.startsWith("file:")) { this.files.set(value.sha256, value); }
    }
    const rows = await this.database.operations.orderBy("made").toArray();
    const kept = await Promise.all(rows.map((row) => open(this.key, row, `operation:${row.id}`)));
    // the app ended while these were under way: they are sent once more, and the server answers as the first time
    this.operations = kept.map((one) => (one.state === "sending" ? { ...one, state: "kept" } : one));
    for (const draft of [...this.drafts.values()]) {
      if (this.operations.some((one) => made(one, draft))) { this.dropDraft(draft.visit, draft.item); }
    }
    return this;
  }

  /* Tell the screens that something changed. */
  changed(what) {
    this.dispatchEvent(new CustomEvent("changed", { detail: what }));
  }

  // writing behind ---------------------------------------------------------

  later(place, write) {
    this.waiting.delete(place);
    this.waiting.set(place, write);
    if (!this.writing) { this.writing = this.writeAll(); }
  }

  async writeAll() {
    await null;
    while (this.waiting.size) {
      const [place, write] = this.waiting.entries().next().value;
      this.waiting.delete(place);
      try {
        await write();
        this.failed = null;
      } catch (error) {
        this.failed = error;
      }
    }
    this.writing = null;
    this.changed("written");
  }

  /* Wait until all that was said so far lies on the phone; throws when the phone could not keep it. */
  async written() {
    while (this.writing) { await this.writing; }
    if (this.failed) { throw this.failed; }
  }

  putValue(key, value) {
    this.later(`value:${key}`, async () => {
      await this.database.values.put({ key, ...(await seal(this.key, value, key)) });
    });
  }

  dropValue(key) {
    this.later(`value:${key}`, () => this.database.values.delete(key));
  }

  // package, settings ------------------------------------------------------

  setPackage(found, etag) {
    this.package = found;
    this.etag = etag;
    this.putValue(PACKAGE, { package: found, etag });
    this.changed("package");
  }

  /* Take visits as the server holds them now into the package. */
  takeVisits(visits) {
    if (!this.package || !visits.length) { return; }
    const newer = new Map(visits.map((visit) => [visit.id, visit]));
    const known = this.package.visits.map((visit) => newer.get(visit.id) || visit);
    this.setPackage({ ...this.package, visits: known }, null);
  }

  /* The package is the same as before and holds for longer. */
  extend(expires) {
    if (expires && this.package) { this.setPackage({ ...this.package, expires_at: expires }, this.etag); }
  }

  set(name, value) {
    this.settings = { ...this.settings, [name]: value };
    this.putValue(SETTINGS, this.settings);
    this.changed("settings");
  }

  visit(id) {
    return this.package ? this.package.visits.find((visit) => visit.id === id) : undefined;
  }

  // drafts and operations --------------------------------------------------

  putDraft(draft) {
    const name = `${draft.visit}:${draft.item}`;
    this.drafts.set(name, draft);
    this.putValue(`draft:${name}`, draft);
    this.changed("draft");
  }

  dropDraft(visit, item) {
    if (this.drafts.delete(`${visit}:${item}`)) { this.dropValue(`draft:${visit}:${item}`); }
  }

  /* Add an operation to the log of changes, or keep what became of one. */
  putOperation(kept) {
    const known = this.operations.findIndex((one) => one.id === kept.id);
    if (known < 0) { this.operations.push(kept); } else { this.operations[known] = kept; }
    this.later(`operation:${kept.id}`, async () => {
      const sealed = await seal(this.key, kept, `operation:${kept.id}`);
      await this.database.operations.put({ id: kept.id, made: kept.made, ...sealed });
    });
    this.changed("operations");
  }

  dropOperations(ids) {
    this.operations = this.operations.filter((one) => !ids.has(one.id));
    for (const id of ids) { this.later(`operation:${id}`, () => this.database.operations.delete(id)); }
  }

  // files ------------------------------------------------------------------

  putFile(file) {
    this.files.set(file.sha256, file);
    this.putValue(`file:${file.sha256}`, file);
    this.changed("files");
  }

  /* Keep a file as it was taken, and a small picture of it for the screen. Done when both lie on the phone. */
  async keepBytes(file, bytes, preview) {
    const { sha256 } = file;
    const whole = await sealBytes(this.key, bytes, `bytes:${sha256}`);
    await this.database.files.put({ sha256, ...whole });
    if (preview) {
      const small = await sealBytes(this.key, preview, `preview:${sha256}`);
      await this.database.previews.put({ sha256, ...small });
    }
    this.putFile(file);
  }

  async bytesOf(sha256) {
    const row = await this.database.files.get(sha256);
    return row ? openBytes(this.key, row, `bytes:${sha256}`) : null;
  }

  async previewOf(sha256) {
    const row = await this.database.previews.get(sha256);
    return row ? openBytes(this.key, row, `preview:${sha256}`) : null;
  }

  /* The server holds the file sealed: what was taken leaves the phone, the small picture stays. */
  async releaseBytes(sha256) {
    await this.database.files.delete(sha256);
    this.putFile({ ...this.files.get(sha256), state: "sent" });
  }

  async dropFile(sha256) {
    this.files.delete(sha256);
    this.dropValue(`file:${sha256}`);
    await this.database.files.delete(sha256);
    await this.database.previews.delete(sha256);
  }

  /* Forget the key; nothing can be read until the code is typed again. */
  async close() {
    await this.written().catch(() => null);
    this.key = null;
    this.database.close();
  }
}

/* Whether an operation was made of a draft, and the app ended before the draft was taken away. */
function made({ operation }, draft) {
  const { body } = operation;
  return operation.kind === "item" && operation.visit === draft.visit && body.item === draft.item && body.base === draft.base
    && ["checked", "result", "problem"].every((name) => (body.entry[name] ?? "") === (draft.entry[name] ?? ""))
    && body.entry.answers.every((answer) => draft.entry.answers.some((one) => one.point === answer.point && one.value === answer.value && one.note === answer.note));
}
