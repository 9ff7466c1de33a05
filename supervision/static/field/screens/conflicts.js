/* What the server did not take: both sides of a conflict, field by field, and the reason of a refusal. The inspector chooses. */
import { addOperation } from "../changes.js";
import { button, make, notice } from "../elements.js";
import { differences, entryDigest, tidyEntry } from "../entries.js";
import { openOperations } from "../visits.js";
import { sayMoment } from "../words.js";
import { goneScreen } from "./visit.js";

export function conflictsScreen(app, { visit: visitId }) {
  const visit = app.store.visit(visitId);
  const open = openOperations(app.store, visitId);
  if (!visit && !open.length) { return goneScreen(app); }
  const frame = { title: app.say("conflicts-title"), back: visit ? `#/visit/${visitId}` : "#/sync" };
  if (!open.length) { return { ...frame, body: [notice("success", null, app.say("conflicts-none"))] }; }
  const parts = [...grouped(open).values()].map((operations) => partOf(app, visit, operations));
  return { ...frame, body: [make("p", { class: "soft" }, app.say("conflicts-about")), parts] };
}

/* Several changes of one item are one question: the newest is what the inspector wants. */
function grouped(open) {
  const found = new Map();
  for (const one of open) {
    const name = one.operation.kind === "item" ? `item:${one.operation.body.item}` : one.id;
    found.set(name, [...(found.get(name) || []), one]);
  }
  return found;
}

function settle(app, operations) {
  for (const one of operations) { app.store.putOperation({ ...one, settled: true }); }
}

function partOf(app, visit, operations) {
  const last = operations[operations.length - 1];
  const { kind, body } = last.operation;
  if (kind === "item" && visit) {
    const section = visit.sections.find((one) => one.items.some((item) => item.id === body.item));
    const item = section?.items.find((one) => one.id === body.item);
    if (item && operations.some((one) => one.state === "conflict")) { return itemConflict(app, visit, { section, item, operations, last }); }
  }
  if (kind === "outcome" && last.state === "conflict" && visit) { return outcomeConflict(app, visit, last); }
  return refusal(app, visit, last);
}

// an item ------------------------------------------------------------------

function itemConflict(app, visit, { section, item, operations, last }) {
  const mine = tidyEntry(item, last.operation.body.entry);
  const stored = tidyEntry(item, item.entry || last.result.stored);
  const found = differences(item, mine, stored);
  const keepMine = () => {
    settle(app, operations);
    app.store.dropDraft(visit.id, item.id);
    addOperation(app.store, visit, "item", { section: section.id, item: item.id, base: item.digest, entry: mine });
    app.tell("success", "conflict-kept-mine");
    app.show();
  };
  const keepStored = () => {
    settle(app, operations);
    app.store.dropDraft(visit.id, item.id);
    app.tell("success", "conflict-kept-stored");
    app.show();
  };
  if (entryDigest(item, mine) === entryDigest(item, stored)) {
    return make("section", { class: "panel" }, make("h2", {}, app.name(item)), make("p", {}, app.say("conflict-same")), button(app.say("conflict-seen"), keepStored, { look: "outline-primary", symbol: "check-lg" }));
  }
  return make("section", { class: "panel", "data-item": item.id }, make("h2", {}, app.name(item)), make("p", { class: "soft" }, app.say("conflict-about")),
    found.map((one) => sides(app, one)),
    make("div", { class: "field-buttons" }, button(app.say("conflict-mine"), keepMine, { symbol: "phone" }), button(app.say("conflict-stored"), keepStored, { look: "outline-secondary", symbol: "cloud-upload" })));
}

function sides(app, { what, point, mine, stored }) {
  const label = point ? `${point.no}. ${app.name(point)}${what === "note" ? ` · ${app.say("remark")}` : ""}` : app.say(LABELS[what]);
  return make("div", {}, make("strong", { class: "d-block" }, label), make("div", { class: "field-sides" },
    make("div", { class: "is-mine" }, make("span", { class: "soft" }, app.say("side-mine")), valueOf(app, what, point, mine)),
    make("div", {}, make("span", { class: "soft" }, app.say("side-stored")), valueOf(app, what, point, stored))));
}

const LABELS = { checked: "checked", unchecked_reason: "unchecked-reason", result: "result", further: "further", problem: "problem", disposal: "disposal" };

function valueOf(app, what, point, value) {
  const terms = app.store.package;
  if (what === "checked") { return app.say(value === null ? "open" : (value ? "checked-yes" : "checked-no")); }
  if (value === null || value === "") { return "—"; }
  if (what === "result" || what === "further") { return `${value} ${app.name(terms.result_codes.find((one) => one.code === value))}`; }
  if (what === "disposal") { return app.name(terms.disposals.find((one) => one.value === value)); }
  if (what === "value" && point.kind !== "text" && ["yes", "no", "na"].includes(value)) { return app.say(value); }
  const option = what === "value" && point.options.find((one) => one.value === value);
  return option ? app.name(option) : `${value}${what === "value" && point.unit ? ` ${app.name(point, "unit") || point.unit}` : ""}`;
}

// the outcome, and refusals ---------------------------------------------------

function outcomeConflict(app, visit, last) {
  const named = (said) => {
    const outcome = app.store.package.outcomes.find((one) => one.code === said.code);
    return [outcome ? app.name(outcome) : "—", said.note].filter(Boolean).join(" · ");
  };
  const mine = last.operation.body;
  const keepMine = () => {
    settle(app, [last]);
    addOperation(app.store, visit, "outcome", { code: mine.code, note: mine.note, base: visit.outcome });
    app.show();
  };
  const keepStored = () => { settle(app, [last]); app.show(); };
  return make("section", { class: "panel" }, make("h2", {}, app.say("outcome")), make("div", { class: "field-sides" },
    make("div", { class: "is-mine" }, make("span", { class: "soft" }, app.say("side-mine")), named(mine)),
    make("div", {}, make("span", { class: "soft" }, app.say("side-stored")), named(visit.outcome))),
  make("div", { class: "field-buttons" }, button(app.say("conflict-mine"), keepMine, { symbol: "phone" }), button(app.say("conflict-stored"), keepStored, { look: "outline-secondary", symbol: "cloud-upload" })));
}

function refusal(app, visit, one) {
  const { kind, body, made_at: made } = one.operation;
  const item = visit?.sections.flatMap((section) => section.items).find((found) => found.id === body.item);
  const seen = () => { settle(app, [one]); app.show(); };
  return make("section", { class: "panel" }, make("h2", {}, `${app.say(`kind-${kind}`)}${item ? ` · ${app.name(item)}` : ""}`),
    make("p", { class: "soft" }, sayMoment(app.language, made)),
    notice(one.state === "conflict" ? "warning" : "danger", app.say("refusal-why"), app.name(one.result) || one.result?.code || ""),
    kind === "item" && item ? make("p", {}, app.say("refusal-item")) : null,
    make("p", { class: "soft" }, app.say("refusal-kept")), button(app.say("conflict-seen"), seen, { look: "outline-primary", symbol: "check-lg" }));
}
