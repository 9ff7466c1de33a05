/* Unlocking, and the first use: an unlock code, this phone's name, the first package. */
import { canEncrypt, newId } from "../crypto.js";
import { listUsers, wipeUser } from "../database.js";
import { button, fill, labeled, linkButton, make, notice } from "../elements.js";
import { getDevice, getSession } from "../network.js";
import { createVault, openVault, SHORTEST_CODE } from "../vault.js";
import { holdOnly } from "../window.js";

/* The screen before anything of the phone can be read. */
export async function unlockScreen(app) {
  if (!canEncrypt()) { return plain(app, "insecure-title", notice("warning", null, app.say("insecure")), platformLink(app)); }
  let users;
  try {
    users = await listUsers();
  } catch {
    return plain(app, "first-title", notice("danger", null, app.say("storage-missing")), platformLink(app));
  }
  if (users.length && !app.setUp) { return unlockForm(app, users); }
  app.setUp = false;
  return firstUse(app);
}

function plain(app, title, ...body) {
  return { title: app.say(title), body: [workerNote(app), ...body] };
}

const platformLink = (app) => make("p", {}, linkButton(app.say("to-platform"), document.body.dataset.home, { look: "outline-secondary", symbol: "house" }));

function workerNote(app) {
  return ["missing", "failed"].includes(app.worker) ? notice("info", null, app.say("worker-missing")) : null;
}

function codeField(autocomplete) {
  return make("input", { class: "form-control", type: "password", autocomplete, required: true, autocapitalize: "none", spellcheck: "false" });
}

// unlocking ----------------------------------------------------------------

function unlockForm(app, users) {
  const problem = make("div", { "aria-live": "assertive" });
  const code = codeField("current-password");
  const who = users.length > 1 ? make("select", { class: "form-select" }, users.map((user) => make("option", { value: user.id }, user.name))) : null;
  const go = make("button", { type: "submit", class: "btn btn-primary btn-lg field-wide" }, app.say("unlock-button"));
  const chosen = () => (who ? users.find((user) => String(user.id) === who.value) : users[0]);
  const form = make("form", { class: "panel", novalidate: true, on: { submit: async (event) => {
    event.preventDefault();
    go.disabled = true;
    go.textContent = app.say("unlock-working");
    await tryCode(app, chosen(), code, problem);
    go.disabled = false;
    go.textContent = app.say("unlock-button");
  } } }, who ? labeled("who", app.say("unlock-who"), who) : make("p", { class: "field-who" }, users[0].name),
  labeled("code", app.say("unlock-code"), code), problem, go);
  lookForRevoked(app, users);
  return {
    title: app.say("unlock-title"),
    body: [workerNote(app), make("p", { class: "soft" }, app.say("unlock-lead")), form,
      button(app.say("unlock-other"), () => { app.setUp = true; app.show(); }, { look: "link", symbol: "person-plus" }), forgotten(app, chosen)],
    arrived: () => code.focus(),
  };
}

async function tryCode(app, user, field, problem) {
  if (!field.value) { field.focus(); return; }
  if (!(await holdOnly(user.id))) { fill(problem, notice("warning", null, app.say("other-window"))); return; }
  const found = await openVault(user, field.value);
  field.value = "";
  if (found.key) { await app.unlocked(user, found); return; }
  if (found.wiped) { app.tell("danger", "wiped-code"); await app.show(); return; }
  fill(problem, notice("danger", null, app.say("unlock-wrong", { left: found.left })));
  field.focus();
}

function forgotten(app, chosen) {
  const wipe = async () => {
    await wipeUser(chosen().id);
    app.tell("info", "wiped-asked");
    await app.show();
  };
  return make("details", { class: "field-fold" }, make("summary", {}, app.say("unlock-forgotten")),
    make("p", {}, app.say("unlock-forgotten-how")), button(app.say("unlock-wipe"), wipe, { look: "outline-danger", symbol: "trash3" }));
}

/* A revoked phone wipes itself at the first contact, also while it is locked. */
async function lookForRevoked(app, users) {
  for (const user of users) {
    const state = await getDevice(user.device).catch(() => null);
    if (state === "revoked" && !app.store) {
      await wipeUser(user.id);
      app.tell("danger", "wiped-revoked");
      await app.show();
    }
  }
}

// first use ----------------------------------------------------------------

async function firstUse(app) {
  const again = button(app.say("try-again"), () => app.show(), { look: "outline-secondary", symbol: "arrow-repeat" });
  let session;
  try {
    session = await getSession();
  } catch {
    return plain(app, "first-title", notice("warning", null, app.say("first-offline")), again);
  }
  if (!session.user) {
    const link = linkButton(app.say("sign-in"), document.body.dataset.signIn, { symbol: "box-arrow-in-right", class: "btn btn-primary btn-lg field-wide" });
    return plain(app, "first-title", make("p", {}, app.say("first-sign-in")), link);
  }
  if (!session.user.inspector) { return plain(app, "first-title", notice("warning", null, app.say("first-not-inspector")), platformLink(app)); }
  const known = (await listUsers()).some((user) => user.id === session.user.id);
  return known ? unlockForm(app, (await listUsers()).filter((user) => user.id === session.user.id)) : setUpForm(app, session.user);
}

function setUpForm(app, user) {
  const [code, repeat] = [codeField("new-password"), codeField("new-password")];
  const device = make("input", { class: "form-control", type: "text", maxlength: "60", value: app.say("setup-device-default"), required: true });
  const problem = make("div", { "aria-live": "assertive" });
  const go = make("button", { type: "submit", class: "btn btn-primary btn-lg field-wide" }, app.say("setup-button"));
  const form = make("form", { class: "panel", novalidate: true, on: { submit: async (event) => {
    event.preventDefault();
    const wrong = faultOf(app, code.value, repeat.value);
    if (wrong) { fill(problem, notice("danger", null, wrong)); code.focus(); return; }
    go.disabled = true;
    await holdOnly(user.id);
    const own = { id: user.id, name: user.name, device: newId(), deviceName: device.value.trim() || app.say("setup-device-default") };
    const opened = await createVault(own, code.value);
    await app.unlocked(own, opened);
  } } },
  labeled("code", app.say("setup-code"), code, { help: app.say("setup-code-help") }), labeled("repeat", app.say("setup-repeat"), repeat),
  labeled("device", app.say("setup-device"), device, { help: app.say("setup-device-help") }), problem, go);
  return {
    title: app.say("setup-title"),
    body: [workerNote(app), make("p", {}, app.say("setup-lead", { name: user.name })), notice("info", null, app.say("setup-why")), form],
  };
}

function faultOf(app, code, repeat) {
  const length = Array.from(code).length;
  if (length < SHORTEST_CODE) { return app.say("setup-short", { count: length }); }
  if (new Set(code).size < 3 || "01234567890123456789".includes(code) || "98765432109876543210".includes(code)) { return app.say("setup-plain"); }
  return code === repeat ? null : app.say("setup-differs");
}
