/* The visits on this phone: today's first, the next step of each, what is saved where. */
import { badge, button, icon, linkButton, make, notice } from "../elements.js";
import { saveState } from "../header.js";
import { nextStep, stageOf } from "../visits.js";
import { sayDay, sayMoment, today } from "../words.js";

export function todayScreen(app) {
  const { store } = app;
  const found = store.package;
  const body = [];
  if (["missing", "failed"].includes(app.worker)) { body.push(notice("info", null, app.say("worker-missing"))); }
  if (app.sync.state === "sign-in") { body.push(signInNote(app)); }
  if (!found) {
    body.push(make("p", { class: "soft" }, app.say(app.sync.state === "working" ? "today-loading" : "today-empty-how")), syncTrouble(app));
  } else {
    body.push(...groups(app, found.visits), make("p", { class: "soft field-asof" }, app.say("today-as-of", { moment: sayMoment(app.language, found.made_at) })));
  }
  body.push(make("nav", { class: "field-links", "aria-label": app.say("app-name") },
    linkButton(app.say("to-sync"), "#/sync", { look: "outline-secondary", symbol: "arrow-repeat" }),
    linkButton(app.say("to-device"), "#/device", { look: "outline-secondary", symbol: "phone" }),
    button(app.say("lock-now"), () => app.lock(), { look: "outline-secondary", symbol: "lock-fill" })));
  return { title: app.say("today-title"), body };
}

export function signInNote(app) {
  return notice("warning", app.say("session-over"), make("p", {}, app.say("session-over-how")),
    linkButton(app.say("sign-in"), document.body.dataset.signIn, { symbol: "box-arrow-in-right" }));
}

function syncTrouble(app) {
  const { state } = app.sync;
  return ["offline", "busy", "failed", "other-user"].includes(state) ? notice("warning", null, app.say(`sync-${state}`)) : null;
}

function groups(app, visits) {
  const day = today();
  const kind = (visit) => {
    const stage = stageOf(app.store, visit);
    if (stage.recording) { return "today-begun"; }
    if (visit.planned_on === day) { return "today-today"; }
    return visit.planned_on > day ? "today-later" : "today-past";
  };
  const sorted = [...visits].sort((one, other) => (one.planned_on < other.planned_on ? -1 : 1));
  const found = ["today-begun", "today-today", "today-later", "today-past"].map((group) => [group, sorted.filter((visit) => kind(visit) === group)]);
  if (!visits.length) {
    return [make("div", { class: "panel empty" }, icon("calendar-check"), make("strong", {}, app.say("today-empty")), make("p", {}, app.say("today-empty-how")))];
  }
  return found.filter(([, list]) => list.length).map(([group, list]) => make("section", {},
    make("h2", {}, app.say(group), " ", make("span", { class: "soft" }, `(${list.length})`)),
    make("ul", { class: "field-list" }, list.map((visit) => card(app, visit)))));
}

function card(app, visit) {
  const step = nextStep(app.store, visit);
  const state = saveState(app, visit.id);
  return make("li", { class: "panel field-card" },
    make("a", { class: "field-card-link", href: `#/visit/${visit.id}` }, make("strong", {}, visit.entity.name), icon("chevron-right")),
    visit.kind && visit.kind !== "random" ? make("p", { class: "field-line" }, badge(app.say(`visit-${visit.kind}`), visit.kind === "triggered" ? "warning" : "info", "flag")) : null,
    make("p", { class: "field-line" }, icon("geo-alt"), visit.entity.address || app.say("none-recorded")),
    make("p", { class: "field-line" }, icon("calendar3"), sayDay(app.language, visit.planned_on),
      visit.record_due_on ? ` · ${app.say("record-due")} ${sayDay(app.language, visit.record_due_on)}` : ""),
    make("div", { class: "field-card-foot" }, badge(state.text, state.tone, state.symbol),
      make("a", { class: "field-next", href: step.href }, `${app.say("next")}${app.say("colon")}${app.say(step.code)}`, icon("arrow-right"))));
}
