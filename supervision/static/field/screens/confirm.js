/* The second officer of a refusal says, on the own phone and by the own account, whether it is as a colleague noted. */
import { addOperation } from "../changes.js";
import { button, facts, fill, labeled, make, notice } from "../elements.js";
import { tidy } from "../entries.js";
import { sayMoment } from "../words.js";
import { choice } from "./points.js";
import { recordParts } from "./record.js";

export function confirmScreen(app, visit, frame) {
  const { party } = visit;
  const urls = [];
  const said = { agrees: "" };
  const problem = make("div", { "aria-live": "assertive" });
  const remark = make("textarea", { class: "form-control", rows: "2", maxlength: "500" });
  const why = labeled("confirm-remark", app.say("confirm-remark"), remark, { help: app.say("confirm-remark-help") });
  why.hidden = true;
  const save = () => {
    const text = tidy(remark.value, 500);
    const fault = !said.agrees ? "confirm-choose" : (said.agrees === "no" && !text ? "confirm-remark-needed" : null);
    if (fault) { fill(problem, notice("danger", null, app.say(fault))); return; }
    addOperation(app.store, visit, "confirm", { entry: party.id, agrees: said.agrees === "yes", remark: said.agrees === "yes" ? "" : text });
    app.tell("success", "confirm-kept");
    app.go(`#/visit/${visit.id}`);
  };
  const options = [["yes", app.say("confirm-yes")], ["no", app.say("confirm-no")]];
  return {
    ...frame,
    title: app.say("confirm-title"),
    body: [notice("warning", app.say("confirm-title"), make("p", {}, app.say("confirm-about"))),
      make("section", { class: "panel" }, facts([[app.say("party-reason"), party.reason], [app.say("party-name"), [party.name, party.role].filter(Boolean).join(" · ")],
        [app.say("confirm-noted"), sayMoment(app.language, party.at)]])),
      ...recordParts(app, visit, urls),
      make("section", { class: "panel field-form", "data-hold": true }, choice({ name: "agrees", legend: app.say("confirm-question"), options, value: "",
        chosen: (value) => { said.agrees = value; why.hidden = value !== "no"; } }), why, problem)],
    bar: button(app.say("party-save"), save, { symbol: "check-lg" }),
    leave: () => urls.forEach((url) => URL.revokeObjectURL(url)),
    changed: () => null,
  };
}
