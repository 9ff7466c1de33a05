/* A whole ceremony on invented enterprises, in this browser alone: nothing is sent anywhere, nothing is kept. */
import { ask, startEngine } from "./client.js";
import { digest, facts, folded, make, notice, table } from "./elements.js";
import { hex, utf8 } from "./hashing.js";
import { outcomeView } from "./outcome_view.js";
import { frozenFiles, partiesOf, rehearsalNumber } from "./rehearsal_data.js";
import { say as sayRehearsal } from "./rehearsal_words.js";

const DICE = /^[1-6]{50,}$/;

class Rehearsal {
  constructor(root) {
    this.root = root;
    this.language = root.dataset.language;
    startEngine(root.dataset.worker);
    root.hidden = false;
    this.form = root.querySelector("form");
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.freeze(); });
    this.form.elements.mode.addEventListener("change", () => this.showGroups());
    this.showGroups();
  }

  say(code, values) {
    return sayRehearsal(this.language, code, values);
  }

  /* The number of groups is asked for in group mode only. */
  showGroups() {
    this.root.querySelector("[data-groups]").hidden = this.form.elements.mode.value !== "group";
  }

  settings() {
    const number = (name) => Number(this.form.elements[name].value);
    return {
      pool: number("pool"),
      strata: number("strata"),
      perStratum: number("per_stratum"),
      departments: number("departments"),
      inspectors: number("inspectors"),
      perTeam: number("per_team"),
      witnesses: number("witnesses"),
      mode: this.form.elements.mode.value,
      groups: number("groups"),
      ties: this.form.elements.ties.checked,
    };
  }

  /* The place of a step, emptied, with all later ones gone. */
  stage(name) {
    const stages = [...this.root.querySelectorAll("[data-stage]")];
    const place = stages.find((one) => one.dataset.stage === name);
    stages.slice(stages.indexOf(place)).forEach((one) => { one.hidden = true; });
    const body = place.querySelector("[data-body]");
    stages.slice(stages.indexOf(place)).forEach((one) => one.querySelector("[data-body]").replaceChildren());
    place.hidden = false;
    return body;
  }

  async freeze() {
    const settings = this.settings();
    this.number = rehearsalNumber(new Date());
    this.root.querySelector("[data-number]").textContent = this.number;
    this.files = new Map(frozenFiles(settings, this.number));
    this.parties = partiesOf(settings);
    this.secrets = new Map();
    this.sealed = new Map();
    this.revealed = new Set();
    const body = this.stage("seal");
    const lines = (name) => this.files.get(name).filter((byte) => byte === 10).length;
    body.append(
      make("p", {}, this.say("frozen", {
        pool: lines("frame.tsv"), excluded: lines("excluded.tsv"), inspectors: lines("roster.tsv"),
      })),
      folded(this.say("digests"), false, facts((await this.digests()).map(([name, one]) => [name, digest(one)]))),
      make("p", {}, this.say("seal-how")),
      make("div", { class: "rehearsal-parties" }, this.parties.map((party) => this.sealCard(party))),
    );
    body.closest("section").scrollIntoView();
  }

  digests() {
    return ask("digests", { files: [...this.files] });
  }

  nameOf({ kind, number }) {
    return this.say(kind, { number });
  }

  sealCard(party) {
    const place = make("div", { class: "rehearsal-party", "data-party": party.by });
    const button = make("button", { type: "button", class: "btn btn-primary" }, this.say("make"));
    button.addEventListener("click", () => this.seal(party, hex(crypto.getRandomValues(new Uint8Array(32)))));
    place.append(make("h3", {}, this.nameOf(party)), button);
    if (party.kind !== "system") { place.append(this.diceField(party)); }
    return place;
  }

  diceField(party) {
    const id = `dice-${party.by}`;
    const field = make("input", {
      class: "form-control", id, inputmode: "numeric", autocomplete: "off", "aria-describedby": `${id}-help`,
    });
    const help = make("div", { class: "form-text", id: `${id}-help`, role: "status" }, this.say("dice-help"));
    const button = make("button", { type: "button", class: "btn btn-outline-primary" }, this.say("use-dice"));
    button.addEventListener("click", async () => {
      const digits = field.value.replace(/\s+/g, "");
      if (!DICE.test(digits)) {
        help.textContent = this.say("dice-wrong", { count: digits.length });
        help.classList.add("secret-wrong");
        return;
      }
      await this.seal(party, await ask("secretOf", { draw: this.number, by: party.by, digits }));
    });
    return make("div", { class: "field" }, make("label", { for: id }, this.say("dice")), field, help, button);
  }

  async seal(party, secret) {
    this.secrets.set(party.by, secret);
    const sealed = await ask("digestOf", { draw: this.number, by: party.by, secret });
    this.sealed.set(party.by, sealed);
    this.card(party).replaceChildren(
      make("h3", {}, this.nameOf(party)), make("p", {}, this.say("sealed"), make("br"), digest(sealed)),
    );
    if (this.sealed.size === this.parties.length) { this.offer("seal", "commit", () => this.commit()); }
  }

  card(party) {
    return this.root.querySelector(`[data-party="${party.by}"]`);
  }

  /* A large button at the end of a step that leads to the next. */
  offer(stage, word, act) {
    const button = make("button", { type: "button", class: "btn btn-primary btn-lg", "data-act": word }, this.say(word));
    button.addEventListener("click", async () => { button.disabled = true; await act(); });
    this.root.querySelector(`[data-stage="${stage}"] [data-body]`).append(make("p", { class: "mt-3" }, button));
  }

  async commit() {
    const body = this.stage("commit");
    const [[, planDigest]] = await ask("digests", { files: [["plan", utf8("{}")]] });
    const made = await ask("commit", {
      draw: this.number,
      hashName: "sha256",
      files: [...this.files],
      planDigest,
      contributions: [...this.sealed],
      committedAt: new Date().toISOString().replace(/\.[0-9]+Z$/, "Z"),
    });
    if (made.refused) { this.refuse(body, made.refused); return; }
    this.files.set("commitment.json", made.data);
    this.commitment = made.digest;
    body.append(
      make("p", {}, this.say("committed")),
      make("p", { class: "code-groups", "data-commitment": made.digest }, made.digest.match(/.{4}/g).map((one) => make("code", {}, one))),
      make("p", {}, this.say("reveal-how")),
      make("div", { class: "rehearsal-parties" }, this.parties.map((party) => this.revealCard(party))),
    );
    body.closest("section").scrollIntoView();
  }

  refuse(body, [zh, en]) {
    const reason = this.language === "en" ? en : zh;
    body.append(notice("danger", "", make("p", {}, this.say("wrong", { reason }))));
  }

  revealCard(party) {
    const card = make("div", { class: "rehearsal-party" }, make("h3", {}, this.nameOf(party)));
    const button = make("button", { type: "button", class: "btn btn-primary" }, this.say("reveal"));
    button.addEventListener("click", () => {
      this.revealed.add(party.by);
      button.replaceWith(make("p", {}, this.say("revealed"), make("br"), digest(this.secrets.get(party.by))));
      if (this.revealed.size === this.parties.length) { this.offer("commit", "draw", () => this.draw()); }
    });
    card.append(button);
    return card;
  }

  async draw() {
    const body = this.stage("draw");
    const made = await ask("carryOut", { files: [...this.files], secrets: [...this.secrets] });
    if (made.refused) { this.refuse(body, made.refused); return; }
    this.files.set("record.json", made.data);
    const { selected, strata, teams, unfilled } = made.record;
    body.append(
      make("p", {}, this.say("drawn", { units: selected.length })),
      make("ul", {}, strata.map((row) => make("li", {}, this.say("chance", row)))),
      make("ol", { class: "rehearsal-drawn" }, selected.map(({ unit, ticket }, i) => make("li", {},
        make("strong", {}, `${i + 1}. ${unit}`), make("small", {}, `${ticket.slice(0, 16)}…`)))),
      this.teamsView(teams),
    );
    if (unfilled.length) { body.append(notice("warning", "", make("p", {}, this.say("unfilled", { count: unfilled.length })))); }
    this.offer("draw", "verify", () => this.verify());
    body.closest("section").scrollIntoView();
  }

  teamsView(teams) {
    const headings = ["team", "units", "members"].map((code) => this.say(code));
    const rows = teams.map(({ team, units, members }) => [
      team, units.join(", "), members.map((one) => one.inspector + (one.lead ? " ★" : "")).join(", "),
    ]);
    return folded(this.say("teams", { count: teams.length }), true, table(headings, rows));
  }

  async verify() {
    const body = this.stage("verify");
    const file = `${this.number}.zip`;
    body.append(make("div", { "data-honest": true }, ...await this.checked(this.files)));
    this.offer("verify", "cheat", () => this.cheat());
    const link = make("a", { class: "btn btn-primary", download: file, "data-download": true }, this.say("download"));
    link.href = URL.createObjectURL(new Blob([await this.packed()], { type: "application/zip" }));
    body.append(make("p", { class: "mt-3" }, link), make("p", { class: "soft" }, this.say("download-how", { file })));
    body.closest("section").scrollIntoView();
  }

  /* The outcome of a check of these files, as the verifying page shows it. */
  async checked(files) {
    const started = performance.now();
    const found = await ask("check", { chosen: [...files], keys: "" });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    return outcomeView(this.language, found, { seconds });
  }

  packed() {
    const remark = ["zh", "en"].map((language) => sayRehearsal(language, "remark")).join("\n");
    return ask("pack", { folder: this.number, files: [...this.files, ["REHEARSAL.txt", utf8(`${remark}\n`)]] });
  }

  /* Put another unit in place of one that was drawn, as somebody with a friend would, and let the check answer. */
  async cheat() {
    const text = new TextDecoder().decode(this.files.get("record.json"));
    const { selected, reserve } = JSON.parse(text);
    const [out, into] = [selected[0].unit, (reserve[0] || { unit: "TEST-99999" }).unit];
    const files = new Map(this.files).set("record.json", utf8(text.replace(`"unit":"${out}"`, `"unit":"${into}"`)));
    const body = this.root.querySelector("[data-stage=verify] [data-body]");
    body.append(make("div", { "data-cheated": true }, make("p", {}, this.say("cheated", { out, into })), ...await this.checked(files)));
  }
}

document.querySelectorAll("[data-rehearsal]").forEach((root) => new Rehearsal(root));
