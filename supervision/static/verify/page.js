/* The page that verifies a draw: choose or take the bundle, check it, look up one enterprise. */
import { chosenFiles, droppedFiles, offeredFiles } from "./chosen_files.js";
import { ask, startEngine } from "./client.js";
import { make, notice } from "./elements.js";
import { outcomeView } from "./outcome_view.js";
import { unitView } from "./unit_view.js";
import { say } from "./words.js";

const SHORTEST_NOTE = 16;
const STEPS = ["load", "files", "tree-frame", "tree-excluded", "tickets", "teams", "log"];

class VerifyPage {
  constructor(root) {
    this.root = root;
    this.language = root.dataset.language;
    this.names = { ...JSON.parse(root.dataset.strata || "{}"), ...JSON.parse(root.dataset.reasons || "{}") };
    this.checked = null;
    startEngine(root.dataset.worker);
    this.connect();
    root.hidden = false;
    this.followFragment();
  }

  part(name) {
    return this.root.querySelector(`[data-${name}]`);
  }

  say(code, values) {
    return say(this.language, code, values);
  }

  connect() {
    const offered = this.part("check-offered");
    if (offered) { offered.addEventListener("click", () => this.checkOffered()); }
    for (const name of ["choose-files", "choose-folder"]) {
      this.part(name).addEventListener("change", async ({ target }) => {
        await this.checkChosen(chosenFiles(target.files));
        target.value = ""; // so that choosing the same file again is a choice
      });
    }
    const zone = this.part("drop");
    zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("over"); });
    zone.addEventListener("dragleave", () => zone.classList.remove("over"));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      zone.classList.remove("over");
      this.checkChosen(droppedFiles(event.dataTransfer));
    });
    // where the bundle of this page's draw is sealed nobody is looked up
    const lookUp = this.part("look-up");
    if (lookUp) { lookUp.addEventListener("submit", (event) => { event.preventDefault(); this.lookUp(); }); }
    this.part("noted").addEventListener("change", () => this.showOutcome());
  }

  /* A link shared with a code behind the # opens the page with the answer. */
  async followFragment() {
    const code = new URLSearchParams(globalThis.location.hash.slice(1)).get("code");
    if (!code || !this.part("code")) { return; }
    this.part("code").value = code;
    if (this.part("check-offered")) { await this.lookUp(); }
  }

  async checkOffered() {
    const { bundle: address, number } = this.root.dataset;
    this.showStep("load", 0, 1);
    let files;
    try {
      files = await offeredFiles({ address, embedded: document.querySelector("[data-embedded]"), name: `${number}.zip` });
    } catch {
      this.refuse(this.say("fetch-failed"));
      return;
    }
    await this.check(files);
  }

  async checkChosen(promised) {
    let files;
    try {
      files = await promised;
    } catch {
      this.refuse(this.say("read-failed"));
      return;
    }
    if (files.length) { await this.check(files); } else { this.refuse(this.say("nothing-chosen")); }
  }

  async check(chosen) {
    const started = performance.now();
    if (this.part("unit")) { this.part("unit").replaceChildren(); }
    const keys = this.part("keys").value;
    try {
      const found = await ask("check", { chosen, keys }, (...step) => this.showStep(...step));
      if (found.refused) { this.refuse(this.say("keys-wrong", { first: this.of(found.refused) })); return; }
      this.checked = { found, seconds: ((performance.now() - started) / 1000).toFixed(1) };
      this.showOutcome();
      this.part("outcome-place").focus();
    } catch (error) {
      this.refuse(this.say("outcome-failed", { reason: error.message }));
    } finally {
      this.part("progress").hidden = true;
    }
  }

  of([zh, en]) {
    return this.language === "en" ? en : zh;
  }

  refuse(text) {
    this.part("progress").hidden = true;
    this.checked = null;
    this.part("outcome-place").replaceChildren(notice("danger", this.say("title-2"), make("p", {}, text)));
  }

  showStep(step, done, total) {
    const box = this.part("progress");
    box.hidden = false;
    const place = Math.max(0, STEPS.indexOf(step));
    box.querySelector("progress").value = (place + (total ? done / total : 0)) / STEPS.length;
    const label = box.querySelector("[data-step]");
    const text = this.say(`step-${step}`);
    if (label.textContent !== text) { label.textContent = text; }
  }

  showOutcome() {
    if (!this.checked) { return; }
    const { found, seconds } = this.checked;
    const asides = found.facts ? [this.siteAside(found.facts), this.notedAside(found.facts)] : [];
    this.part("outcome-place").replaceChildren(
      ...outcomeView(this.language, found, { seconds, names: this.names, asides: asides.filter((one) => one !== null) }),
    );
  }

  /* The bundle beside the draw of this page: its number, and the commitment this site shows. */
  siteAside({ draw, commitmentDigest }) {
    const { number, commitment } = this.root.dataset;
    if (number && draw !== number) {
      const text = this.say("other-draw", { draw, number });
      return notice("warning", "", make("p", { "data-other-draw": true }, text));
    }
    if (!commitment) { return null; }
    return commitment === commitmentDigest ? null : notice("danger", "", make("p", {}, this.say("site-differs")));
  }

  /* The bundle's commitment beside the one the visitor noted before the draw. */
  notedAside({ commitmentDigest }) {
    const noted = this.part("noted").value.replace(/[^0-9a-f]/gi, "").toLowerCase();
    if (!noted) { return null; }
    if (noted.length < SHORTEST_NOTE) { return notice("warning", "", make("p", {}, this.say("noted-short"))); }
    const agrees = commitmentDigest.startsWith(noted);
    const text = this.say(agrees ? "noted-agrees" : "noted-differs", { length: noted.length });
    return notice(agrees ? "success" : "danger", "", make("p", { "data-note": agrees ? "agrees" : "differs" }, text));
  }

  async lookUp() {
    const place = this.part("unit");
    const code = this.part("code").value.trim();
    if (!code) { place.replaceChildren(notice("warning", "", make("p", {}, this.say("look-first")))); return; }
    if (!this.checked && this.part("check-offered")) { await this.checkOffered(); }
    if (!this.checked || !this.checked.found.facts) {
      place.replaceChildren(notice("warning", "", make("p", {}, this.say("look-needs-bundle"))));
      return;
    }
    place.replaceChildren(make("p", { class: "soft" }, this.say("look-busy")));
    const found = await ask("lookUp", { code });
    place.replaceChildren(...unitView(this.language, found, { names: this.names, link: this.link(found.unit) }));
    place.focus();
  }

  /* The address of this page with the code behind the #; only a page that holds the very bundle gives the same answer. */
  link(unit) {
    const { protocol, origin, pathname } = globalThis.location;
    const { bundle, number } = this.root.dataset;
    if (protocol === "file:" || !bundle || this.checked.found.facts.draw !== number) { return null; }
    return `${origin}${pathname}#code=${encodeURIComponent(unit)}`;
  }
}

document.querySelectorAll("[data-verify]").forEach((root) => new VerifyPage(root));
