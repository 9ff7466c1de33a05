/* The leader hands the record in. */
import { addOperation, commitDrafts } from "../changes.js";
import { badge, button, icon, make, notice } from "../elements.js";
import { allAttachments, asksParty, digestOfRecord, liveOperations, openOperations, signedState, stageOf } from "../visits.js";
import { goneScreen, partyNote } from "./visit.js";

export function submitScreen(app, { visit: visitId }) {
  const visit = app.store.visit(visitId);
  if (!visit) { return goneScreen(app); }
  commitDrafts(app.store, { visitId });
  const stage = stageOf(app.store, visit);
  const frame = { title: app.say("hand-in"), back: `#/visit/${visit.id}` };
  if (stage.submitting) { return { ...frame, body: [notice("success", null, app.say("submit-waits"))] }; }
  if (!visit.me?.leads || !stage.recording) { return { ...frame, body: [notice("info", null, app.say("submit-leader"))] }; }
  const steps = stepsOf(app, visit, stage);
  // photos of what was found are urged, not enforced: there may be nothing left to photograph
  const ready = steps.every(([done, , href]) => done || href.endsWith("/outcome")) && Boolean(stage.outcome.code);
  const hand = () => {
    addOperation(app.store, visit, "submit", { seen: digestOfRecord(app.store, app.store.visit(visit.id) || visit) });
    app.tell("success", "submit-kept");
    app.go(`#/visit/${visit.id}`);
  };
  const go = button(app.say("submit-button"), hand, { symbol: "send", class: "btn btn-primary btn-lg field-wide" });
  go.disabled = !ready;
  const waiting = liveOperations(app.store, visit.id).length;
  return {
    ...frame,
    body: [make("p", {}, app.say("submit-about")), make("ul", { class: "panel field-items" }, steps.map(([done, text, href, note]) => make("li", {},
      make("a", { href }, icon(done ? "check-circle-fill" : "circle"), make("span", { class: "field-item-name" }, text, note ? make("span", { class: "soft field-item-note" }, note) : null),
        badge(app.say(done ? "done" : "missing"), done ? "success" : "warning"))))),
    waiting ? notice("info", null, app.say("submit-order", { count: waiting })) : null, go],
  };
}

/* Whether any photo of the visit is kept: what shows that the team was there. */
function hasPhoto(app, visit) {
  return allAttachments(app.store, visit).some((one) => one.purpose === "photo");
}

function stepsOf(app, visit, stage) {
  const here = `#/visit/${visit.id}`;
  const outcome = app.store.package.outcomes.find((one) => one.code === stage.outcome.code);
  const sections = visit.sections.map((section) => {
    const signed = signedState(app.store, visit, section);
    return [signed !== "open" || (outcome && !outcome.carried_out), app.name(section.department), section.own ? `${here}/section/${section.id}` : here, app.say(signed)];
  });
  const open = openOperations(app.store, visit.id).length;
  return [[Boolean(outcome), app.say("outcome"), `${here}/outcome`, outcome ? app.name(outcome) : ""], ...sections,
    [Boolean(stage.party) || !asksParty(app.store, visit), app.say("party"), `${here}/party`, partyNote(app, visit, stage)],
    ...(outcome && !outcome.carried_out ? [[hasPhoto(app, visit), app.say("proof"), `${here}/outcome`, app.say("proof-note")]] : []),
    ...(open ? [[false, app.say("conflicts-title"), `${here}/conflicts`, ""]] : [])];
}
