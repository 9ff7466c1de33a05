/* The enterprise reads the record and signs it, refuses before two officers, or signs on paper. */
import { addOperation, commitDrafts } from "../changes.js";
import { button, fill, icon, labeled, make, notice } from "../elements.js";
import { tidy } from "../entries.js";
import { keepFile } from "../photos.js";
import { SignatureField } from "../signature.js";
import { asksParty, digestOfRecord, signedState, stageOf } from "../visits.js";
import { confirmScreen } from "./confirm.js";
import { ownPhonePart } from "./own_phone.js";
import { choice } from "./points.js";
import { recordParts } from "./record.js";
import { goneScreen, partyNote } from "./visit.js";

export function partyScreen(app, { visit: visitId }) {
  const visit = app.store.visit(visitId);
  if (!visit) { return goneScreen(app); }
  commitDrafts(app.store, { visitId });
  const stage = stageOf(app.store, visit);
  const frame = { title: app.say("party"), back: `#/visit/${visit.id}` };
  if (stage.confirms) { return confirmScreen(app, visit, frame); }
  const waits = stage.party?.standing === "unconfirmed";
  if (stage.party && !(waits && app.partyAgain === visit.id)) { return answered(app, visit, { stage, frame, waits }); }
  app.partyAgain = null;
  const bar = whatBars(app, visit, stage);
  if (bar) { return recordScreen(app, visit, frame, [notice("info", app.say("party-not-yet"), app.say(bar))]); }
  return new PartyScreen(app, visit, frame);
}

/* The answer as it stands; while the second officer says nothing, another one may be noted. */
function answered(app, visit, { stage, frame, waits }) {
  const { party } = stage;
  const said = [notice(waits ? "warning" : "success", app.say(`party-${party.how}`), [party.name, party.role, party.reason].filter(Boolean).join(" · "),
    waits ? make("p", {}, app.say("party-waits-second", { name: party.second?.name || "" })) : null)];
  if (waits && stage.recording) { said.push(button(app.say("party-again"), () => { app.partyAgain = visit.id; app.show(); }, { look: "outline-secondary", symbol: "arrow-counterclockwise" })); }
  return recordScreen(app, visit, frame, said);
}

/* What is said first, then the record to read. */
function recordScreen(app, visit, frame, said) {
  const urls = [];
  return { ...frame, body: [...said, ...recordParts(app, visit, urls)], leave: () => urls.forEach((url) => URL.revokeObjectURL(url)) };
}

function whatBars(app, visit, stage) {
  if (!stage.recording) { return "read-only-after"; }
  if (!stage.outcome.code) { return "party-needs-outcome"; }
  const outcome = app.store.package.outcomes.find((one) => one.code === stage.outcome.code);
  const open = visit.sections.some((section) => signedState(app.store, visit, section) === "open");
  return outcome?.carried_out && open ? "party-needs-sections" : null;
}

class PartyScreen {
  constructor(app, visit, frame) {
    Object.assign(this, { app, visit }, frame);
    this.how = visit.refusal_said ? "refused" : "signed";
    this.photo = null;
    this.seen = digestOfRecord(app.store, visit);
    this.problem = make("div", { "aria-live": "assertive" });
    this.pad = new SignatureField(app, app.say("party-pad"), () => null);
    this.urls = [];
    const disputed = visit.party?.standing === "disputed" ? notice("danger", app.say("party-disputed"), app.say("party-disputed-how")) : null;
    const needless = asksParty(app.store, visit) ? null : notice("info", null, partyNote(app, visit, stageOf(app.store, visit)));
    const wrote = visit.refusal_said ? notice("warning", app.say("own-phone-refused"), visit.refusal_said) : null;
    this.body = [disputed, wrote, needless, make("p", {}, app.say("party-about")), ...recordParts(app, visit, this.urls), this.form()];
    this.bar = button(app.say("party-save"), () => this.save(), { symbol: "check-lg" });
  }

  form() {
    const { app } = this;
    const text = (maximum) => make("input", { class: "form-control", type: "text", maxlength: String(maximum), autocomplete: "off" });
    this.name = text(60);
    this.role = text(60);
    this.reason = make("textarea", { class: "form-control", rows: "2", maxlength: "500" });
    this.reason.value = this.visit.refusal_said || "";
    this.second = make("select", { class: "form-select" }, make("option", { value: "" }, app.say("choose")),
      this.visit.team.filter((mate) => mate.inspector !== this.visit.me?.inspector).map((mate) => make("option", { value: mate.inspector }, mate.name)));
    const options = ["signed", "own-phone", "refused", "paper"].map((how) => [how, app.say(`party-${how}`)]);
    this.parts = {
      "own-phone": ownPhonePart(app, this.visit),
      signed: make("div", {}, make("p", { class: "soft" }, app.say("party-sign-about")), this.pad.element),
      refused: make("div", {}, make("p", { class: "soft" }, app.say("party-refused-about")), labeled("reason", app.say("party-reason"), this.reason), labeled("second", app.say("party-second"), this.second)),
      paper: make("div", {}, make("p", { class: "soft" }, app.say("party-paper-about")), this.paperPart()),
    };
    this.person = make("div", {}, labeled("party-name", app.say("party-name"), this.name), labeled("party-role", app.say("party-role"), this.role, { help: app.say("party-role-help") }));
    const panel = make("section", { class: "panel field-form", "data-hold": true }, choice({ name: "how", legend: app.say("party-how"), options, value: this.how, chosen: (how) => this.choose(how) }),
      this.person, Object.values(this.parts), this.problem);
    this.choose(this.how);
    return panel;
  }

  choose(how) {
    this.how = how;
    for (const [name, part] of Object.entries(this.parts)) { part.hidden = name !== how; }
    // on its own phone the person writes all of it
    this.person.hidden = how === "own-phone";
    if (this.bar) { this.bar.hidden = how === "own-phone"; }
  }

  paperPart() {
    const { app } = this;
    const told = make("p", { "aria-live": "polite" });
    const input = make("input", { type: "file", class: "visually-hidden", id: "paper", accept: "image/*,application/pdf", capture: "environment" });
    input.addEventListener("change", () => {
      this.photo = input.files[0] || null;
      fill(told, this.photo ? [icon("check-circle"), " ", app.say("photo-kept")] : []);
    });
    return make("span", { class: "field-picker" }, input, make("label", { for: "paper", class: "btn btn-outline-primary" }, icon("camera"), app.say("party-paper-photo")), told);
  }

  fault() {
    if (this.how !== "refused" && !tidy(this.name.value)) { return "party-name-needed"; }
    if (this.how === "signed" && !this.pad.drawn) { return "party-sign-needed"; }
    if (this.how === "paper" && !this.photo) { return "party-photo-needed"; }
    if (this.how === "refused" && !tidy(this.reason.value)) { return "party-reason-needed"; }
    return this.how === "refused" && !this.second.value ? "party-second-needed" : null;
  }

  async save() {
    const { app, visit } = this;
    const here = location.hash;
    const fault = this.fault();
    if (fault) { fill(this.problem, notice("danger", null, app.say(fault))); return; }
    if (this.seen !== digestOfRecord(app.store, app.store.visit(visit.id) || visit)) { app.tell("warning", "party-changed"); app.show(); return; }
    const chosen = { signed: () => this.pad.file(), paper: () => this.photo, refused: () => null }[this.how];
    const file = await chosen();
    const kept = file ? await keepFile(app.store, file) : null;
    const refused = this.how === "refused";
    addOperation(app.store, visit, "party", {
      how: this.how, seen: this.seen, name: tidy(this.name.value, 60), role: tidy(this.role.value, 60), file: kept ? kept.sha256 : null,
      reason: refused ? tidy(this.reason.value, 500) : "", second: refused ? Number(this.second.value) : null,
    });
    app.tell("success", "party-kept");
    if (here === location.hash) { app.go(`#/visit/${visit.id}`); }
  }

  arrived() { this.pad.ready(); }

  leave() {
    this.pad.end();
    this.urls.forEach((url) => URL.revokeObjectURL(url));
  }

  changed() { return null; } // what somebody is reading and signing is not redrawn; the digest is compared at the end
}
