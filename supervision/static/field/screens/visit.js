/* One visit: who, where, why, who comes, what to tell the enterprise, and the form with its progress. */
import { addOperation } from "../changes.js";
import { badge, button, facts, fold, icon, linkButton, make, notice } from "../elements.js";
import { saveState } from "../header.js";
import { asksParty, mayReopen, mayWrite, nextStep, openOperations, sectionProgress, signedState, stageOf, stateOfItem, entryOf } from "../visits.js";
import { progress } from "../rules.js";
import { sayDay, sayLent, today } from "../words.js";

export function visitScreen(app, { visit: id }) {
  const visit = app.store.visit(id);
  if (!visit) { return goneScreen(app); }
  const stage = stageOf(app.store, visit);
  const state = saveState(app, visit.id);
  return {
    title: visit.entity.name,
    back: "#/",
    body: [
      make("p", {}, badge(state.text, state.tone, state.symbol)), troubles(app, visit), togetherPart(app, visit), entityPart(app, visit, stage),
      stage.recusal ? recusalPart(app, visit) : null, stage.mayArrive ? arrivePart(app, visit) : null, formPart(app, visit, stage), teamPart(app, visit), tellPart(app, visit), platformPart(app, visit),
    ],
    bar: barOf(app, visit),
  };
}

/* Shown where an address names a visit that this phone does not have. */
export function goneScreen(app) {
  return { title: app.say("visit-title"), back: "#/", body: [make("div", { class: "panel empty" }, icon("inbox"), make("strong", {}, app.say("visit-gone")), make("p", {}, app.say("visit-gone-how")))] };
}

function barOf(app, visit) {
  const step = nextStep(app.store, visit);
  const here = `#/visit/${visit.id}`;
  return step.href === here ? null : linkButton(app.say(step.code), step.href, { symbol: "arrow-right" });
}

function troubles(app, visit) {
  const open = openOperations(app.store, visit.id);
  if (!open.length) { return null; }
  return notice("danger", app.say("visit-troubles", { count: open.length }), make("p", {}, make("a", { href: `#/visit/${visit.id}/conflicts` }, app.say("settle"))));
}

/* Other departments through the same door: the enterprise is told that it is one visit. And whether it is one too many. */
function togetherPart(app, visit) {
  const day = (moment) => sayDay(app.language, moment);
  const listed = (bodies) => bodies.map((body) => app.name(body)).join(app.say("list-comma"));
  const partners = (visit.together || []).map((bodies) => notice("info", app.say("together"),
    make("p", {}, app.say("together-about", { departments: listed(bodies), day: day(visit.planned_on) }))));
  const sums = (visit.too_many || []).map((one) => make("p", {}, app.say("too-many-about", { ...one,
    first: day(one.first), last: day(one.last) })));
  const { let_through: passed } = visit;
  const why = passed ? `${app.say("let-through")}${app.say("colon")}${app.name(passed)}${passed.note ? ` · ${passed.note}` : ""}` : app.say("too-many-open");
  return make("div", {}, partners, sums.length ? notice("warning", app.say("too-many"), ...sums, make("p", {}, why)) : null);
}

/* Before arrival these facts lead the way; afterwards the form comes first and they fold away. */
function entityPart(app, visit, stage) {
  const { entity } = visit;
  const place = entity.address ? make("a", { class: "field-inline-link", href: `geo:0,0?q=${encodeURIComponent(entity.address)}` }, app.say("map")) : null;
  const list = facts([
    [app.say("address"), entity.address ? make("span", {}, entity.address, " ", place) : app.say("none-recorded")],
    [app.say("credit-code"), entity.unit_id], [app.say("visit-number"), visit.number],
    [app.say("visit-kind"), app.say(`visit-${visit.kind || "random"}`)],
    [app.say("planned-on"), sayDay(app.language, visit.planned_on)],
    [app.say("record-due"), sayDay(app.language, visit.record_due_on)],
    [app.say("visits-this-year"), visit.number_of_visits_this_year],
    [app.say("notice"), visit.notice ? visit.notice.number : app.say("notice-none")],
    [app.say("notice-check"), visit.notice && visit.notice.check_url ? make("span", { class: "digest" }, visit.notice.check_url) : null],
  ]);
  return make("section", { class: "panel" }, stage.arrived ? fold(app.say("entity-facts"), list) : list);
}

/* At the door the enterprise asks, or a colleague declares: the team stops until the head has decided. */
function recusalPart(app, visit) {
  const names = visit.team.filter((mate) => mate.state === "recusal_asked").map((mate) => mate.name).join(app.say("list-comma"));
  return notice("warning", app.say("recusal-waits"), make("p", {}, app.say("recusal-waits-about", { names })));
}

function arrivePart(app, visit) {
  if (visit.planned_on > today()) {
    return notice("info", null, app.say("arrive-early", { day: sayDay(app.language, visit.planned_on) }));
  }
  const arrive = () => {
    addOperation(app.store, visit, "arrive", {});
    app.announce("arrive-told");
    app.show();
  };
  return button(app.say("arrive"), arrive, { symbol: "geo-alt", class: "btn btn-primary btn-lg field-wide", id: "arrive" });
}

// the form -----------------------------------------------------------------

function formPart(app, visit, stage) {
  if (!visit.sections.length) { return null; }
  const own = [...visit.sections].sort((one, other) => Number(other.own) - Number(one.own));
  return make("section", { "aria-labelledby": "form-title" }, make("h2", { id: "form-title" }, app.say("sections")),
    own.map((section) => sectionPart(app, visit, section)), stage.arrived ? wholePart(app, visit, stage) : null);
}

function sectionPart(app, visit, section) {
  const { store } = app;
  const [done, total] = sectionProgress(store, visit, section);
  const signed = signedState(store, visit, section);
  const tone = { signed: "success", signing: "info", open: "neutral" }[signed];
  const items = make("ol", { class: "field-items" }, section.items.map((item) => itemLine(app, visit, item)));
  const title = make("span", { class: "field-section-title" }, make("strong", {}, app.name(section.department)),
    section.own ? make("span", { class: "field-own" }, app.say("own-section")) : null);
  return make("details", { class: "panel field-section", open: section.own },
    make("summary", {}, title, make("span", { class: "field-section-state" }, badge(app.say(signed), tone),
      make("span", { class: "soft" }, app.say("answered", { done, total }))),
    make("progress", { max: total || 1, value: done, "aria-label": app.say("answered", { done, total }) })),
    items, mayWrite(store, visit, section) || mayReopen(store, visit, section)
      ? linkButton(app.say(signed === "open" ? "section-sign" : "section-reopen"), `#/visit/${visit.id}/section/${section.id}`, { look: "outline-primary", symbol: "pencil", class: "btn btn-outline-primary field-wide" }) : null);
}

function itemLine(app, visit, item) {
  const entry = entryOf(app.store, visit, item);
  const [done, total] = progress(item, entry);
  const state = stateOfItem(app.store, visit, item);
  const result = app.store.package.result_codes.find((one) => one.code === entry.result);
  const symbol = done === total && entry.result ? "check-circle-fill" : (done ? "pencil" : "circle");
  return make("li", {}, make("a", { href: `#/visit/${visit.id}/item/${item.id}` }, icon(symbol),
    make("span", { class: "field-item-name" }, app.name(item), make("span", { class: "soft field-item-note" },
      result ? app.name(result) : app.say("answered", { done, total }), state ? ` · ${app.say(`state-${state}`)}` : "")), icon("chevron-right")));
}

function wholePart(app, visit, stage) {
  const outcome = app.store.package.outcomes.find((one) => one.code === stage.outcome.code);
  const here = `#/visit/${visit.id}`;
  const leads = visit.me.leads && stage.recording;
  const row = (label, value, href) => make("li", {}, href
    ? make("a", { href }, make("span", { class: "field-item-name" }, label, make("span", { class: "soft field-item-note" }, value)), icon("chevron-right"))
    : make("div", { class: "field-row" }, make("span", { class: "field-item-name" }, label, make("span", { class: "soft field-item-note" }, value))));
  return make("ul", { class: "panel field-items" },
    row(app.say("outcome"), outcome ? app.name(outcome) : app.say("outcome-none"), leads ? `${here}/outcome` : null),
    row(app.say("party"), partyNote(app, visit, stage), stage.recording ? `${here}/party` : null),
    leads ? row(app.say("hand-in"), app.say("hand-in-about"), `${here}/submit`) : null);
}

/* What the enterprise did with the record, or that it is not asked. */
export function partyNote(app, visit, stage) {
  if (stage.confirms) { return app.say("next-confirm"); }
  if (stage.party) { return app.say(stage.party.standing === "unconfirmed" ? "party-unconfirmed" : `party-${stage.party.how}`); }
  if (visit.party?.standing === "disputed") { return app.say("party-disputed"); }
  if (asksParty(app.store, visit)) { return app.say("party-none"); }
  return app.say(app.store.package.party_required === false ? "party-not-required" : "party-not-asked");
}

// team, what to tell --------------------------------------------------------

function teamPart(app, visit) {
  return make("section", { class: "panel", "aria-labelledby": "team-title" }, make("h2", { id: "team-title" }, app.say("team")),
    make("ul", { class: "plain-list" }, visit.team.map((mate) => make("li", {}, make("strong", {}, mate.name),
      mate.inspector === visit.leader ? make("span", { class: "field-own" }, app.say("leader")) : null,
      " ", mate.lent_from ? badge(sayLent(app.language, mate), "warning", "exclamation-triangle-fill") : null,
      make("span", { class: "soft d-block" }, `${departmentName(app, visit, mate)} · ${app.say("certificate")} ${mate.certificate}`)))), expertsPart(app, visit));
}

/* Experts come along and are named apart: they are none of the two inspectors and decide nothing. */
function expertsPart(app, visit) {
  const { experts = [] } = visit;
  if (!experts.length) { return null; }
  return make("div", {}, make("h3", {}, app.say("experts")), make("ul", { class: "plain-list" }, experts.map((one) => make("li", {},
    make("strong", {}, one.name), make("span", { class: "soft d-block" }, `${one.organization} · ${one.field}`)))),
  make("p", { class: "soft" }, app.say("experts-about")));
}

function departmentName(app, visit, mate) {
  const section = visit.sections.find((one) => one.id === mate.department);
  return section ? app.name(section.department) : "";
}

function tellPart(app) {
  const { texts } = app.store.package;
  const listed = (text) => make("ol", {}, app.name(text).map((one) => make("li", {}, one)));
  return make("section", { class: "panel" }, texts.rights ? fold(app.say("rights"), listed(texts.rights)) : null,
    texts.prohibitions ? fold(app.say("prohibitions"), listed(texts.prohibitions)) : null);
}

/* Papers, samples and what else stands on the visit's page; it needs signal. */
function platformPart(app, visit) {
  const page = `${document.body.dataset.visits}${visit.id}`;
  return make("section", { class: "panel", "aria-labelledby": "platform-title" }, make("h2", { id: "platform-title" }, app.say("on-platform")),
    make("p", { class: "soft" }, app.say("on-platform-about")), make("div", { class: "field-links" },
      linkButton(app.say("visit-papers"), `${page}/papers`, { look: "outline-secondary", symbol: "file-earmark-text" }),
      linkButton(app.say("visit-page"), page, { look: "outline-secondary", symbol: "house" })));
}
