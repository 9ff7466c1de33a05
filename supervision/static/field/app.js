/* What all screens share: who uses the app, in which language, what the phone holds, and which screen is shown. */
import { commitDrafts } from "./changes.js";
import { wipeUser } from "./database.js";
import { announce, fill, make } from "./elements.js";
import { header } from "./header.js";
import { followPlace, stopPlace } from "./place.js";
import { SCREENS, find } from "./routes.js";
import { Store } from "./store.js";
import { Sync } from "./sync.js";
import { readTexts, say } from "./words.js";
import { expiredScreen } from "./screens/expired.js";
import { unlockScreen } from "./screens/unlock.js";

const LOCK_AFTER = 10 * 60_000;
const LOOK_EVERY = 5_000;
const LANGUAGE = "field-language";

export class App {
  constructor(root) {
    this.root = root;
    this.language = chosenLanguage();
    this.user = this.store = this.sync = this.screen = null;
    this.touched = Date.now();
    this.worker = "none"; // none, missing, ready, failed
    this.notes = []; // told once, on the next screen
  }

  say(code, facts) { return say(this.language, code, facts); }

  /* What a thing with names or texts in both languages is called here. */
  name(thing, field = "") {
    return readTexts(this.language, thing, field);
  }

  async start() {
    this.keepFiles();
    for (const event of ["pointerdown", "keydown", "touchstart"]) {
      document.addEventListener(event, () => { this.touched = Date.now(); }, { passive: true, capture: true });
    }
    globalThis.addEventListener("hashchange", () => this.show());
    document.addEventListener("visibilitychange", () => this.looked());
    globalThis.addEventListener("pagehide", () => this.keepDrafts());
    setInterval(() => this.looked(), LOOK_EVERY);
    globalThis.addEventListener("beforeinstallprompt", (event) => { event.preventDefault(); this.install = event; });
    await this.show();
  }

  /* Let the service worker keep the app on the phone, where browsers allow it. */
  async keepFiles() {
    if (!("serviceWorker" in navigator)) { this.worker = "missing"; return; }
    try {
      await navigator.serviceWorker.register(document.body.dataset.worker, { scope: "/field/", updateViaCache: "none" });
      await navigator.serviceWorker.ready;
      this.worker = "ready";
      document.body.dataset.kept = "yes";
    } catch {
      this.worker = "failed";
    }
  }

  setLanguage(language) {
    this.language = language;
    localStorage.setItem(LANGUAGE, language);
    this.show({ focus: false });
  }

  // unlocking, locking -----------------------------------------------------

  async unlocked(user, { database, key }) {
    this.user = user;
    this.store = await new Store(database, key).load();
    this.sync = new Sync(this.store, user, () => this.wipe("wiped-revoked"));
    this.store.addEventListener("changed", (event) => this.changed(event.detail));
    this.sync.addEventListener("changed", () => this.changed("sync"));
    if (this.store.settings.place) { followPlace(); }
    this.touched = Date.now();
    this.sync.start();
    await navigator.storage?.persist?.();
    await this.show();
  }

  async lock(reason = null) {
    if (!this.store) { return; }
    this.leave();
    commitDrafts(this.store);
    const [store, sync] = [this.store, this.sync];
    this.store = this.sync = null;
    stopPlace();
    if (reason) { this.notes.push(["info", reason]); }
    await Promise.race([sync.stop(), new Promise((resolve) => { setTimeout(resolve, 500); })]);
    await store.close();
    await this.show();
  }

  /* Remove everything this user has on the phone. */
  async wipe(reason) {
    const { user, store, sync } = this;
    this.leave();
    this.store = this.sync = this.user = null;
    stopPlace();
    sync?.stop();
    await store?.close();
    if (user) { await wipeUser(user.id); }
    this.notes.push(["danger", reason]);
    history.replaceState(null, "", location.pathname);
    await this.show();
  }

  looked() {
    if (!this.store) { return; }
    if (document.visibilityState === "hidden") { this.keepDrafts(); }
    if (Date.now() - this.touched > LOCK_AFTER) { this.lock("locked-idle"); }
  }

  keepDrafts() {
    if (this.store) { commitDrafts(this.store); }
  }

  // screens ----------------------------------------------------------------

  get expired() {
    const until = this.store?.package?.expires_at;
    return Boolean(until) && Date.parse(until) < Date.now();
  }

  leave() {
    clearTimeout(this.soon); // what was to be drawn anew is no longer shown; the next screen may be one to sign on
    this.screen?.leave?.();
    this.screen = null;
  }

  /* Show the screen that the address names. */
  async show({ focus = true } = {}) {
    this.leave();
    document.documentElement.lang = this.language === "en" ? "en" : "zh-CN";
    const found = this.store ? find(location.hash) : null;
    const screen = await this.makeScreen(found);
    this.screen = screen;
    document.title = `${screen.title} – ${this.say("app-name")}`;
    this.head = header(this, screen);
    const title = make("h1", { class: "field-title", tabindex: "-1" }, screen.heading || screen.title);
    const main = make("main", { class: "field-main", id: "main" }, title, this.tellNotes(), screen.body);
    fill(this.root, this.head.element, main, screen.bar ? make("footer", { class: "field-bar" }, screen.bar) : null);
    this.shown = location.hash;
    if (focus) { globalThis.scrollTo(0, 0); title.focus({ preventScroll: true }); }
    screen.arrived?.();
  }

  makeScreen(found) {
    if (!this.store) { return unlockScreen(this); }
    const open = !found || ["sync", "device"].includes(found.name);
    if (this.expired && !open) { return expiredScreen(this); }
    return (found && SCREENS[found.name](this, found.values)) || SCREENS.today(this, {});
  }

  tellNotes() {
    return this.notes.splice(0).map(([kind, code]) => make("div", { class: `alert alert-${kind}`, role: "status" }, make("div", {}, this.say(code))));
  }

  /* Show the same screen anew, at the same place. */
  again() {
    const [y, id] = [globalThis.scrollY, document.activeElement?.id];
    return this.show({ focus: false }).then(() => {
      globalThis.scrollTo(0, y);
      if (id) { document.getElementById(id)?.focus({ preventScroll: true }); }
    });
  }

  changed(what) {
    if (!this.store) { return; }
    this.head?.refresh();
    if (!this.screen) { return; }
    if (this.screen.changed) { this.screen.changed(what); } else if (what === "package" || what === "operations" || what === "sync") { this.againSoon(); }
  }

  againSoon() {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => { if (this.store && !typing()) { this.again(); } }, 150);
  }

  go(hash) {
    if (location.hash === hash) { this.show(); } else { location.hash = hash; }
  }

  tell(kind, code) { this.notes.push([kind, code]); }

  announce(code, facts) { announce(this.say(code, facts)); }
}

function typing() {
  const { activeElement: active } = document;
  return Boolean(active) && (active.matches("textarea, select, input:not([type=radio]):not([type=checkbox])") || active.closest("[data-hold]"));
}

/* The language that the link to the app named, else the one chosen last, else Chinese. */
function chosenLanguage() {
  const named = new URLSearchParams(location.search).get("lang");
  if (named === "en" || named === "zh") {
    localStorage.setItem(LANGUAGE, named);
    history.replaceState(null, "", location.pathname + location.hash);
  }
  return localStorage.getItem(LANGUAGE) === "en" ? "en" : "zh";
}
