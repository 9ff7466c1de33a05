/* Signing a section off: what is still missing with a way there, what was found, and the drawn signature. */
import { addOperation, commitDrafts } from "../changes.js";
import { badge, button, fill, fold, icon, labeled, linkButton, make, notice } from "../elements.js";
import { tidy } from "../entries.js";
import { isProblem, progress } from "../rules.js";
import { keepFile } from "../photos.js";
import { SignatureField } from "../signature.js";
import { digestOfSection, entryOf, mayReopen, mayWrite, openOperations, sectionGaps, signedState } from "../visits.js";
import { goneScreen } from "./visit.js";

export function sectionScreen(app, { visit: visitId, part: sectionId }) {
  const visit = app.store.visit(visitId);
  const section = visit && visit.sections.find((one) => one.id === sectionId);
  if (!section) { return goneScreen(app); }
  commitDrafts(app.store, { visitId });
  const gaps = sectionGaps(app.store, visit, section);
  const signed = signedState(app.store, visit, section);
  const frame = { title: app.say("section-sign"), heading: `${app.say("section-sign")} · ${app.name(section.department)}`, back: `#/visit/${visit.id}` };
  if (signed !== "open") {
    return { ...frame, body: [notice("success", null, app.say(signed === "signed" ? "section-signed-sent" : "section-signed-here")), summary(app, visit, section),
      mayReopen(app.store, visit, section) ? reopening(app, visit, section) : null] };
  }
  if (!mayWrite(app.store, visit, section)) { return { ...frame, body: [notice("info", null, app.say("read-only-other")), summary(app, visit, section)] }; }
  const conflict = openOperations(app.store, visit.id).some((one) => one.state === "conflict");
  if (gaps.length || conflict) { return { ...frame, body: [conflict ? conflictNote(app, visit) : null, gaps.length ? gapList(app, visit, gaps) : null, summary(app, visit, section)] }; }
  return signing(app, visit, section, frame);
}

/* Opening the own section again, for a reason that stands in the log; it is signed anew afterwards. */
function reopening(app, visit, section) {
  const problem = make("div", { "aria-live": "assertive" });
  const reason = make("input", { class: "form-control", type: "text", maxlength: "500", autocomplete: "off" });
  const reopen = () => {
    const said = tidy(reason.value, 500);
    if (!said) { fill(problem, notice("danger", null, app.say("reopen-needs"))); reason.focus(); return; }
    addOperation(app.store, visit, "reopen", { section: section.id, reason: said });
    app.tell("info", "reopened");
    app.go(`#/visit/${visit.id}`);
  };
  return fold(app.say("reopen"), [make("p", { class: "soft" }, app.say("reopen-about")), labeled("reopen-reason", app.say("reopen-reason"), reason), problem,
    button(app.say("reopen"), reopen, { look: "outline-secondary", symbol: "arrow-counterclockwise" })]);
}

function conflictNote(app, visit) {
  return notice("danger", app.say("sign-conflict"), linkButton(app.say("settle"), `#/visit/${visit.id}/conflicts`, { look: "outline-danger" }));
}

function gapList(app, visit, gaps) {
  const address = (gap) => `#/visit/${visit.id}/item/${gap.item.id}${gap.point ? `/p${gap.point}` : (gap.place ? `/${gap.place}` : "")}`;
  return make("section", { class: "panel", "aria-labelledby": "gaps-title" },
    make("h2", { id: "gaps-title" }, app.say("gaps-title", { count: gaps.length })), make("p", { class: "soft" }, app.say("gaps-about")),
    make("ul", { class: "field-items" }, gaps.map((gap) => make("li", {}, make("a", { href: address(gap) }, icon("exclamation-circle-fill"),
      make("span", { class: "field-item-name" }, app.say(gap.code, gap), make("span", { class: "soft field-item-note" }, app.name(gap.item))), icon("chevron-right"))))));
}

/* What a section says, item by item. */
export function summary(app, visit, section, { heading = "h2", open = false } = {}) {
  const terms = app.store.package;
  const named = (code) => terms.result_codes.find((one) => one.code === code);
  return make("section", { class: "panel" }, make(heading, {}, app.name(section.department)), section.items.map((item) => {
    const entry = entryOf(app.store, visit, item);
    const result = named(entry.result);
    const disposal = terms.disposals.find((one) => one.value === entry.disposal);
    const tone = isProblem(entry.result, terms) ? "warning" : "success";
    return make("div", { class: "field-said" }, make("strong", { class: "d-block" }, app.name(item)),
      entry.checked === false ? make("p", {}, `${app.say("checked-no")}${app.say("colon")}${entry.unchecked_reason}`) : null,
      make("p", {}, result ? badge(`${result.code} ${app.name(result)}`, tone, tone === "success" ? "check-circle" : "exclamation-triangle") : badge(app.say("not-filled"), "neutral"),
        entry.further ? [" ", badge(`${entry.further} ${app.name(named(entry.further))}`, "warning", "exclamation-triangle")] : null),
      entry.problem ? make("p", {}, make("strong", {}, app.say("problem"), app.say("colon")), entry.problem) : null,
      disposal ? make("p", {}, make("strong", {}, app.say("disposal"), app.say("colon")), app.name(disposal)) : null,
      answers(app, item, entry, open));
  }));
}

/* Every answer is part of what is signed, so whoever signs can read it. */
function answers(app, item, entry, open) {
  const [done, total] = progress(item, entry);
  const list = item.points.map((point) => {
    const { value, note } = entry.answers.find((one) => one.point === point.id) || { value: "", note: "" };
    return make("li", { value: point.no }, app.name(point), " ", make("strong", {}, said(app, point, value)), note ? make("span", { class: "soft" }, ` ${note}`) : null);
  });
  return list.length ? fold(app.say("answered", { done, total }), make("ol", {}, list), { open }) : null;
}

function said(app, point, value) {
  if (!value) { return "—"; }
  if (point.kind !== "text" && ["yes", "no", "na"].includes(value)) { return app.say(value); }
  const option = point.options.find((one) => one.value === value);
  return option ? app.name(option) : `${value}${point.unit ? ` ${app.name(point, "unit") || point.unit}` : ""}`;
}

function signing(app, visit, section, frame) {
  const seen = digestOfSection(app.store, visit, section); // of what is on the screen, whatever goes up or comes meanwhile
  const go = button(app.say("sign-button"), async () => {
    const here = location.hash;
    const now = app.store.visit(visit.id);
    const same = now?.sections.find((one) => one.id === section.id);
    if (!same || digestOfSection(app.store, now, same) !== seen) { app.tell("warning", "party-changed"); app.show(); return; }
    go.disabled = true;
    const file = await keepFile(app.store, await pad.file());
    addOperation(app.store, visit, "sign", { section: section.id, seen, file: file.sha256 });
    app.tell("success", "section-signed-here");
    if (here === location.hash) { app.go(`#/visit/${visit.id}`); }
  }, { symbol: "pencil", class: "btn btn-primary btn-lg field-wide" });
  go.disabled = true;
  const pad = new SignatureField(app, app.say("pad-label"), () => { go.disabled = !pad.drawn; });
  return {
    ...frame,
    body: [notice("success", null, app.say("gaps-none")), summary(app, visit, section),
      make("section", { class: "panel", "aria-labelledby": "sign-title" }, make("h2", { id: "sign-title" }, app.say("pad-label")), make("p", { class: "soft" }, app.say("sign-about")), pad.element, go)],
    arrived: () => pad.ready(),
    leave: () => pad.end(),
    changed: () => null, // nothing redraws a field in which somebody is signing
  };
}
