/* One item of the form: its check points, then result, problem and what follows. A tap changes what it touches, no more. */
import { commitDrafts, editAnswer, editItem } from "../changes.js";
import { badge, fill, fold, linkButton, make, notice } from "../elements.js";
import { entryOf, mayWrite, openOperations, signedState, stageOf, stateOfItem } from "../visits.js";
import { choice, pointPart } from "./points.js";
import { photosPart } from "./photos.js";
import { resultPart } from "./result.js";
import { goneScreen } from "./visit.js";

const PAUSE = 4_000;

export function itemScreen(app, { visit: visitId, part: itemId, place }) {
  const visit = app.store.visit(visitId);
  const section = visit && visit.sections.find((one) => one.items.some((item) => item.id === itemId));
  if (!section) { return goneScreen(app); }
  return new ItemScreen(app, visit, section, section.items.find((item) => item.id === itemId), place);
}

class ItemScreen {
  constructor(app, visit, section, item, place) {
    Object.assign(this, { app, visit, section, item, place });
    this.writable = mayWrite(app.store, visit, section);
    this.shown = this.remembered();
    this.title = app.name(item);
    this.back = `#/visit/${visit.id}`;
    this.state = make("span", { id: "item-state" });
    this.parts = []; // what brings itself up to date after a change
    this.body = this.makeBody();
    this.bar = this.makeBar();
    this.tellState();
  }

  get entry() { return entryOf(this.app.store, this.visit, this.item); }

  remembered() {
    return JSON.stringify([this.item.digest, this.visit.form, signedState(this.app.store, this.visit, this.section), stageOf(this.app.store, this.visit).state]);
  }

  // changes ----------------------------------------------------------------

  edit(change) {
    editItem(this.app.store, this.visit, this.section, this.item, change);
    this.after();
  }

  answer(pointId, change) {
    editAnswer(this.app.store, this.visit, this.section, this.item, pointId, change);
    this.after();
  }

  /* A photo is the answer to a check point that asks for one. */
  taken(point) {
    this.answer(point.id, { value: "yes" });
    const box = document.getElementById(`a${point.id}-0`);
    if (box) { box.checked = true; }
  }

  after() {
    for (const part of this.parts) { part(this.entry); }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => commitDrafts(this.app.store, { visitId: this.visit.id, itemId: this.item.id }), PAUSE);
  }

  leave() {
    clearTimeout(this.timer);
    this.urls?.forEach((url) => URL.revokeObjectURL(url));
    if (this.app.store) { commitDrafts(this.app.store, { visitId: this.visit.id, itemId: this.item.id }); }
  }

  /* Somebody else's change, or the server's word, reaches the screen; what is being typed is not disturbed. */
  changed(what) {
    this.tellState();
    if (what === "operations" || what === "files" || what === "package") {
      [this.photos, ...(this.photoParts || [])].forEach((part) => part?.refresh());
    }
    if (what !== "package") { return; }
    const visit = this.app.store.visit(this.visit.id);
    const section = visit?.sections.find((one) => one.items.some((item) => item.id === this.item.id));
    if (!section) { this.app.againSoon(); return; }
    Object.assign(this, { visit, section, item: section.items.find((item) => item.id === this.item.id) });
    const drawn = JSON.stringify(this.drawn);
    if (this.remembered() !== this.shown && drawn !== JSON.stringify(this.entry)) { this.app.againSoon(); }
    this.shown = this.remembered();
  }

  tellState() {
    const state = stateOfItem(this.app.store, this.visit, this.item);
    this.drawn = this.entry;
    const tones = { draft: "neutral", kept: "warning", sending: "info", waiting: "info", sent: "success", conflict: "danger", refused: "danger" };
    if (this.told === state) { return; }
    this.told = state;
    fill(this.state, state ? badge(this.app.say(`state-${state}`), tones[state]) : null);
    if (this.troubles) { fill(this.troubles, this.tellTroubles()); }
  }

  // pieces -----------------------------------------------------------------

  makeBody() {
    const { app, item, section } = this;
    const no = section.items.indexOf(item) + 1;
    this.troubles = make("div", {}, this.tellTroubles());
    this.photos = photosPart(app, this, { point: null });
    return [
      make("p", { class: "field-line-between" }, make("span", { class: "soft" }, `${app.name(section.department)} · ${app.say("item-of", { no, count: section.items.length })}`), this.state),
      this.troubles, this.readOnlyNote(), aboutItem(app, item),
      make("fieldset", { class: "field-form", disabled: !this.writable }, make("legend", { class: "visually-hidden" }, app.name(item)), this.checkedPart(),
        make("div", { class: "field-points" }, item.points.map((point) => pointPart(app, this, point))),
        resultPart(app, this)),
      this.photos.element,
    ];
  }

  checkedPart() {
    const { app } = this;
    const why = make("textarea", { class: "form-control", rows: "2", maxlength: "500", id: "place-why", on: { input: ({ target }) => this.edit({ unchecked_reason: target.value }) } });
    why.value = this.entry.unchecked_reason;
    const reason = make("div", { class: "field" }, make("label", { for: "place-why" }, app.say("unchecked-reason")), why);
    const update = (entry) => {
      reason.hidden = entry.checked !== false;
      document.getElementById("main")?.classList.toggle("field-unchecked", entry.checked === false);
    };
    this.parts.push(update);
    update(this.entry);
    const value = { true: "yes", false: "no" }[String(this.entry.checked)] || "";
    const options = [["yes", app.say("checked-yes")], ["no", app.say("checked-no")]];
    return make("div", { class: "panel" }, choice({ name: "checked", legend: app.say("checked"), options, value, look: "two",
      chosen: (picked) => this.edit({ checked: picked === "yes" }) }), reason);
  }

  tellTroubles() {
    const { app } = this;
    const open = openOperations(app.store, this.visit.id).filter((one) => one.operation.body.item === this.item.id);
    return open.slice(-1).map((one) => notice("danger", null, one.state === "conflict" ? app.say("item-conflict") : app.say("item-refused", { why: app.name(one.result) || one.result.code }),
      " ", make("a", { href: `#/visit/${this.visit.id}/conflicts` }, app.say("settle"))));
  }

  readOnlyNote() {
    if (this.writable) { return null; }
    const { app } = this;
    const stage = stageOf(app.store, this.visit);
    const code = !this.section.own ? "other" : (!stage.arrived ? "before" : (stage.recording ? "signed" : "after"));
    return notice("info", null, app.say(`read-only-${code}`));
  }

  makeBar() {
    const { app, section, item } = this;
    const at = section.items.indexOf(item);
    const address = (one) => `#/visit/${this.visit.id}/item/${one.id}`;
    const before = section.items[at - 1];
    const after = section.items[at + 1];
    return [
      before ? linkButton(app.say("previous-item"), address(before), { look: "outline-secondary", symbol: "arrow-left" }) : null,
      after ? linkButton(app.say("next-item"), address(after), { symbol: "arrow-right" })
        : linkButton(app.say(this.writable ? "to-sign" : "back"), this.writable ? `#/visit/${this.visit.id}/section/${section.id}` : this.back, { symbol: this.writable ? "pencil" : "arrow-left" }),
    ];
  }

  arrived() {
    document.getElementById("main").classList.toggle("field-unchecked", this.entry.checked === false);
    const target = this.place && document.getElementById(/^p\d+$/.test(this.place) ? `point-${this.place.slice(1)}` : `place-${this.place}`);
    if (target) {
      target.scrollIntoView({ block: "center" });
      (target.querySelector?.("input, textarea, select") || target).focus({ preventScroll: true });
    }
  }
}

function aboutItem(app, item) {
  const method = app.name(item, "method");
  if (!item.legal_basis && !method) { return null; }
  return fold(app.say("guidance"), [item.legal_basis ? make("p", {}, make("strong", {}, app.say("basis"), app.say("colon")), item.legal_basis) : null,
    method ? make("p", {}, make("strong", {}, app.say("method"), app.say("colon")), method) : null]);
}
