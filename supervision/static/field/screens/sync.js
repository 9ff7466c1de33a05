/* Every change with its state, sending now, last contact, what the phone stores. */
import { badge, button, facts, fill, make, notice } from "../elements.js";
import { sayMoment } from "../words.js";
import { signInNote } from "./today.js";

const TONES = { kept: "warning", sending: "info", waiting: "info", applied: "success", conflict: "danger", refused: "danger", replaced: "neutral" };
const MOST = 200;
const MEGA = 1024 * 1024;

export function syncScreen(app) {
  const { store, sync } = app;
  const state = make("div", { "aria-live": "polite" });
  const log = make("div");
  const about = make("div");
  const tell = () => {
    fill(state, sync.state === "sign-in" ? signInNote(app) : stateNote(app));
    fill(about, facts([
      [app.say("sync-contact"), store.settings.contact ? sayMoment(app.language, store.settings.contact) : app.say("sync-never")],
      [app.say("sync-package"), store.package ? sayMoment(app.language, store.package.made_at) : app.say("sync-never")],
      [app.say("sync-until"), store.package ? sayMoment(app.language, store.package.expires_at) : ""],
      [app.say("sync-storage"), used],
    ]));
    fill(log, logPart(app));
  };
  let used = "…";
  storageUsed().then((text) => { used = text; tell(); });
  tell();
  let soon = null;
  return {
    title: app.say("to-sync"), back: "#/",
    body: [state, button(app.say("sync-now"), () => sync.now(), { symbol: "arrow-repeat", class: "btn btn-primary btn-lg field-wide" }),
      make("section", { class: "panel" }, about), log],
    changed: () => { clearTimeout(soon); soon = setTimeout(() => { if (app.store) { tell(); } }, 100); },
    leave: () => clearTimeout(soon),
  };
}

function stateNote(app) {
  const { state, trouble } = app.sync;
  const kinds = { idle: "success", working: "info", offline: "warning", busy: "warning", failed: "danger", "other-user": "danger" };
  const words = trouble && (app.name(trouble) || trouble.code);
  return notice(kinds[state] || "info", null, app.say(`sync-${state}`), state === "failed" && words ? `${app.say("colon")}${words}` : "");
}

async function storageUsed() {
  if (!navigator.storage?.estimate) { return "—"; }
  const { usage, quota } = await navigator.storage.estimate();
  return `${(usage / MEGA).toFixed(1)} MB / ${Math.round(quota / MEGA)} MB`;
}

function logPart(app) {
  const { store } = app;
  const open = [...store.operations].reverse();
  const files = [...store.files.values()].filter((file) => file.state !== "sent");
  return [files.length ? make("section", { class: "panel" }, make("h2", {}, app.say("sync-files")), make("ul", { class: "field-log" }, files.map((file) => fileLine(app, file)))) : null,
    make("section", { class: "panel" }, make("h2", {}, app.say("sync-log", { count: open.length })), open.length
      ? make("ul", { class: "field-log" }, open.slice(0, MOST).map((one) => line(app, one))) : make("p", { class: "soft" }, app.say("sync-log-empty")))];
}

function fileLine(app, file) {
  const sent = Math.floor((100 * (file.received || 0)) / file.size);
  const states = { lost: [app.say("file-lost"), "danger"], refused: [app.say("state-refused"), "danger"] };
  return make("li", {}, make("span", { class: "digest" }, `${file.sha256.slice(0, 12)}…`), badge(...(states[file.state] || [`${sent} %`, "info"])),
    make("span", { class: "soft" }, `${(file.size / MEGA).toFixed(2)} MB`), file.state === "refused" ? make("span", { class: "soft" }, app.name(file)) : null);
}

function line(app, one) {
  const { kind, visit: visitId, body, made_at: made } = one.operation;
  const visit = app.store.visit(visitId);
  const item = visit?.sections.flatMap((section) => section.items).find((found) => found.id === body.item);
  const about = [visit?.entity.name, item && app.name(item), sayMoment(app.language, made)].filter(Boolean).join(" · ");
  const why = ["conflict", "refused", "waiting"].includes(one.state) ? app.name(one.result) || one.result?.code : "";
  const open = why && !one.settled && one.state !== "waiting";
  return make("li", {}, make("strong", {}, app.say(`kind-${kind}`)), badge(app.say(`state-${one.state}`), one.settled ? "neutral" : TONES[one.state]),
    make("span", { class: "soft" }, about), why ? make("span", { class: "soft" }, why, " ", open ? make("a", { href: `#/visit/${visitId}/conflicts` }, app.say("settle")) : (one.settled ? app.say("settled") : "")) : null);
}
