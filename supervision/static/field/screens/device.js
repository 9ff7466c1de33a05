/* This phone: putting the app on the home screen, the place, locking, wiping. */
import { button, facts, fill, linkButton, make, notice } from "../elements.js";
import { followPlace, stopPlace } from "../place.js";
import { countStates } from "../visits.js";

export function deviceScreen(app) {
  const { user } = app;
  return {
    title: app.say("to-device"), back: "#/",
    body: [
      make("section", { class: "panel" }, facts([[app.say("device-user"), user.name], [app.say("setup-device"), user.deviceName],
        [app.say("device-id"), make("span", { class: "digest" }, user.device)], [app.say("device-app"), make("span", { class: "digest" }, document.body.dataset.version)],
        [app.say("device-offline"), app.say(app.worker === "ready" ? "device-offline-yes" : "device-offline-no")]])),
      installPart(app), placePart(app),
      make("section", { class: "panel" }, make("h2", {}, app.say("device-lock")), make("p", {}, app.say("device-lock-about")),
        button(app.say("lock-now"), () => app.lock(), { look: "outline-secondary", symbol: "lock-fill" })),
      make("section", { class: "panel" }, make("h2", {}, app.say("device-lost")), make("p", {}, app.say("device-lost-about")),
        linkButton(app.say("my-phones"), document.body.dataset.phones, { look: "outline-secondary", symbol: "phone" })),
      wipePart(app),
    ],
    changed: () => null,
  };
}

function installPart(app) {
  const panel = make("section", { class: "panel" }, make("h2", {}, app.say("device-install")));
  if (globalThis.matchMedia("(display-mode: standalone)").matches) {
    panel.append(make("p", {}, app.say("device-installed")));
  } else if (app.install) {
    panel.append(make("p", {}, app.say("device-install-about")), button(app.say("device-install-button"), async () => { await app.install.prompt(); }, { look: "outline-primary", symbol: "download" }));
  } else {
    panel.append(make("p", {}, app.say("device-install-how")));
  }
  return panel;
}

function placePart(app) {
  const { store } = app;
  const told = make("div", { "aria-live": "polite" });
  const box = make("input", { type: "checkbox", class: "form-check-input", id: "place-allowed", checked: store.settings.place });
  box.addEventListener("change", () => {
    store.set("place", box.checked);
    fill(told);
    if (!box.checked) { stopPlace(); return; }
    followPlace((allowed) => {
      if (!allowed) { box.checked = false; store.set("place", false); }
      fill(told, notice(allowed ? "success" : "warning", null, app.say(allowed ? "place-allowed" : "place-refused")));
    });
  });
  return make("section", { class: "panel" }, make("h2", {}, app.say("place")), make("p", {}, app.say("place-about")),
    make("div", { class: "form-check" }, box, make("label", { class: "form-check-label", for: "place-allowed" }, app.say("place-check"))), told);
}

function wipePart(app) {
  const counts = countStates(app.store);
  const here = counts.kept + counts.sending + counts.waiting;
  const really = make("div", { hidden: true, class: "field-buttons" }, notice("danger", null, app.say(here ? "wipe-loses" : "wipe-loses-nothing", { count: here })),
    button(app.say("wipe-yes"), () => app.wipe("wiped-asked"), { look: "danger", symbol: "trash3" }), button(app.say("cancel"), () => { really.hidden = true; }, { look: "outline-secondary" }));
  return make("section", { class: "panel" }, make("h2", {}, app.say("wipe")), make("p", {}, app.say("wipe-about")),
    button(app.say("wipe"), () => { really.hidden = false; really.querySelector("button").focus(); }, { look: "outline-danger", symbol: "trash3" }), really);
}
