/* Sending what was done here, and fetching what is there: at every chance, one at a time, until nothing is left. */
import { commitDrafts } from "./changes.js";
import { carryOver } from "./entries.js";
import * as network from "./network.js";
import { attemptable, carriedForms } from "./sending.js";
import { sendFiles } from "./uploads.js";

const BATCH = 100;
const LARGEST_BATCH = 1 << 20;
const EVERY = 60_000;
const AFTER_SAVE = 2_000;
const FIRST_PAUSE = 5_000;
const LONGEST_PAUSE = 300_000;
const LOCK = "field-sync";

export class Sync extends EventTarget {
  constructor(store, user, wiped) {
    super();
    this.store = store;
    this.user = user;
    this.wiped = wiped; // what to do when the device was revoked
    this.state = navigator.onLine ? "idle" : "offline"; // idle, working, offline, sign-in, busy, other-user, failed
    this.trouble = null;
    this.pause = 0;
    this.running = null;
    this.again = false;
    this.stopped = false;
    network.speakAs(user.device);
    this.onOnline = () => this.now();
    this.onOffline = () => this.become("offline");
    this.onFocus = () => { if (document.visibilityState === "visible") { this.soon(0); } };
    this.onChange = ({ detail }) => { if (detail === "operations") { this.soon(AFTER_SAVE); } };
  }

  start() {
    globalThis.addEventListener("online", this.onOnline);
    globalThis.addEventListener("offline", this.onOffline);
    document.addEventListener("visibilitychange", this.onFocus);
    globalThis.addEventListener("focus", this.onFocus);
    this.store.addEventListener("changed", this.onChange);
    this.every = setInterval(() => this.soon(0), EVERY);
    this.soon(0);
  }

  stop() {
    this.stopped = true;
    globalThis.removeEventListener("online", this.onOnline);
    globalThis.removeEventListener("offline", this.onOffline);
    document.removeEventListener("visibilitychange", this.onFocus);
    globalThis.removeEventListener("focus", this.onFocus);
    this.store.removeEventListener("changed", this.onChange);
    clearInterval(this.every);
    clearTimeout(this.timer);
    return this.running;
  }

  become(state, trouble = null) {
    this.state = state;
    this.trouble = trouble;
    this.dispatchEvent(new Event("changed"));
  }

  /* Sync in a moment; a later call replaces an earlier one that is not due before. */
  soon(wait) {
    const due = Date.now() + Math.max(wait, this.restUntil ? this.restUntil - Date.now() : 0);
    if (this.timer && this.due <= due && this.due > Date.now()) { return; }
    clearTimeout(this.timer);
    this.due = due;
    this.timer = setTimeout(() => { this.timer = null; this.run(); }, Math.max(0, due - Date.now()));
  }

  /* Sync now, whatever pause was planned. */
  now() {
    this.pause = 0;
    this.restUntil = 0;
    commitDrafts(this.store);
    return this.run();
  }

  async run() {
    if (this.stopped) { return; }
    if (this.running) { this.again = true; return; }
    // two windows of the app never send at the same time
    const locked = navigator.locks
      ? navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => (lock ? this.attempt() : null))
      : this.attempt();
    this.running = locked;
    try {
      await locked;
    } finally {
      this.running = null;
    }
    if (this.again && !this.stopped) { this.again = false; this.soon(AFTER_SAVE); }
  }

  async attempt() {
    if (!navigator.onLine) { this.become("offline"); return; }
    this.become("working");
    try {
      await this.store.written();
      const done = await this.exchange();
      this.pause = 0;
      this.restUntil = 0;
      if (done) { this.store.set("contact", new Date().toISOString()); this.become("idle"); }
    } catch (trouble) {
      this.fail(trouble);
    }
  }

  fail(trouble) {
    if (trouble.code === "device-revoked") { this.stopped = true; this.wiped(); return; }
    for (const one of this.store.operations.filter((kept) => kept.state === "sending")) {
      this.store.putOperation({ ...one, state: "kept" });
    }
    const kind = trouble instanceof network.Trouble ? trouble.kind : "failed";
    this.become(kind === "refused" ? "failed" : kind, trouble);
    if (kind === "sign-in") { return; }
    this.pause = Math.min(LONGEST_PAUSE, this.pause ? this.pause * 2 : FIRST_PAUSE);
    this.restUntil = Date.now() + this.pause;
    this.soon(this.pause);
  }

  /* One whole exchange; false when it ended early, with the state set. */
  async exchange() {
    const device = this.user.device;
    const state = await network.getDevice(device);
    if (state === "revoked") { this.stopped = true; await this.wiped(); return false; }
    const session = await network.getSession();
    if (!session.user) { this.become("sign-in"); return false; }
    if (session.user.id !== this.user.id) { this.become("other-user"); return false; }
    this.token = session.csrf;
    if (state === "unknown") { await network.registerDevice(device, this.user.deviceName, this.token); }
    await this.sendAll();
    // a colleague's word or file may have ended what waits here
    if (this.store.operations.some((one) => one.state === "waiting")) { await this.askResults(); }
    await this.fetchPackage();
    return true;
  }

  async sendAll() {
    for (let round = 0; round < 50; round += 1) {
      const sent = await this.sendBatch();
      const files = await sendFiles(this.store, this.user.device, this.token, () => this.dispatchEvent(new Event("changed")));
      const waited = this.store.operations.some((one) => one.state === "waiting");
      if (files && waited) { await this.askResults(); }
      if (!sent && !files) { return; }
    }
  }

  async sendBatch() {
    const batch = [];
    let bytes = 0;
    for (const kept of attemptable(this.store)) {
      bytes += JSON.stringify(kept.operation).length * 3;
      if (batch.length === BATCH || (batch.length && bytes > LARGEST_BATCH)) { break; }
      batch.push(kept);
    }
    if (!batch.length) { return false; }
    for (const kept of batch) { this.store.putOperation({ ...kept, state: "sending" }); }
    let answer;
    try {
      answer = await network.sendOperations(this.user.device, batch.map((kept) => kept.operation), this.token);
    } catch (trouble) {
      if (!this.refuseOne(trouble, batch)) { throw trouble; }
      return true;
    }
    this.takeResults(answer.results);
    // what the server left out of its answer is asked for again
    for (const kept of this.store.operations.filter((one) => one.state === "sending")) { this.store.putOperation({ ...kept, state: "kept" }); }
    const before = this.store.package;
    this.store.takeVisits(answer.visits || []);
    if (before) { carriedForms(this.store, before, this.store.package, carryOver); }
    return answer.results.length > 0;
  }

  /* The server refused a whole call: send the changes one by one, and keep the one at fault as refused. */
  refuseOne(trouble, batch) {
    if (trouble.kind !== "refused" || ![400, 409, 413, 422].includes(trouble.status)) { return false; }
    // another change bears the number of one of these: all others were answered along with that
    if (trouble.more.results) { this.takeResults(trouble.more.results); return true; }
    if (batch.length === 1) {
      const result = { outcome: "refused", code: trouble.code, zh: trouble.zh, en: trouble.en, at: new Date().toISOString() };
      this.store.putOperation({ ...batch[0], state: "refused", result });
    } else {
      for (const kept of batch) { this.store.putOperation({ ...kept, state: "kept", alone: true }); }
    }
    return true;
  }

  takeResults(results) {
    const known = new Map(this.store.operations.map((one) => [one.id, one]));
    for (const result of results) {
      const kept = known.get(result.id);
      if (!kept || ["applied", "conflict"].includes(kept.state)) { continue; }
      const state = result.outcome === "repeated" ? "refused" : result.outcome;
      if (kept.state !== state || !kept.result) { this.store.putOperation({ ...kept, state, result }); }
    }
  }

  async askResults() {
    this.takeResults(await network.getResults(this.user.device));
  }

  async fetchPackage() {
    const found = await network.getPackage(this.user.device, this.store.etag);
    if (!found.package) { this.store.extend(found.expires); return; }
    const before = this.store.package;
    this.store.setPackage(found.package, found.etag);
    if (before) { carriedForms(this.store, before, found.package, carryOver); }
  }
}
