/* The leader says how the visit went. */
import { addOperation } from "../changes.js";
import { button, fill, labeled, make, notice } from "../elements.js";
import { tidy } from "../entries.js";
import { stageOf } from "../visits.js";
import { photosPart } from "./photos.js";
import { choice } from "./points.js";
import { goneScreen } from "./visit.js";

export function outcomeScreen(app, { visit: visitId }) {
  const visit = app.store.visit(visitId);
  if (!visit) { return goneScreen(app); }
  const stage = stageOf(app.store, visit);
  const frame = { title: app.say("outcome"), back: `#/visit/${visit.id}` };
  if (!visit.me?.leads || !stage.recording) { return { ...frame, body: [notice("info", null, app.say("outcome-leader"))] }; }
  const chosen = { ...stage.outcome };
  const problem = make("div", { "aria-live": "assertive" });
  const note = make("textarea", { class: "form-control", rows: "3", maxlength: "1000", on: { input: ({ target }) => { chosen.note = target.value; } } });
  note.value = chosen.note;
  const about = make("div", { "aria-live": "polite" });
  const photos = photosPart(app, { visit, section: null, item: null, writable: true, changed: () => photos.refresh() }, { point: null, about: app.say("proof-about") });
  const explain = () => {
    const outcome = app.store.package.outcomes.find((one) => one.code === chosen.code);
    const other = Boolean(outcome) && !outcome.carried_out;
    fill(about, other ? notice("info", app.say("outcome-other"), make("ul", {}, ["outcome-other-note", "outcome-other-photo", "outcome-other-party", "outcome-other-items"].map((code) => make("li", {}, app.say(code))))) : null);
    photos.element.hidden = !other;
  };
  const options = app.store.package.outcomes.map((one) => [one.code, app.name(one)]);
  const save = () => {
    const outcome = app.store.package.outcomes.find((one) => one.code === chosen.code);
    const said = { code: chosen.code, note: tidy(chosen.note, 1000) };
    if (!outcome || (!outcome.carried_out && !said.note)) {
      fill(problem, notice("danger", null, app.say(outcome ? "outcome-note-needed" : "outcome-choose")));
      return;
    }
    if (said.code !== stage.outcome.code || said.note !== stage.outcome.note) {
      addOperation(app.store, visit, "outcome", { ...said, base: stage.outcome });
    }
    app.go(`#/visit/${visit.id}`);
  };
  explain();
  return {
    ...frame,
    body: [make("div", { class: "panel field-form" }, choice({ name: "outcome", legend: app.say("outcome-question"), options, value: chosen.code, chosen: (code) => { chosen.code = code; explain(); } }),
      about, labeled("outcome-note", app.say("outcome-note"), note, { help: app.say("outcome-note-help") }), problem), photos.element],
    bar: button(app.say("save"), save, { symbol: "check-lg" }),
    changed: () => { photos.refresh(); explain(); },
  };
}
