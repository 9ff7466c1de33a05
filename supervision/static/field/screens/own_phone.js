/* The enterprise signs on its own phone: a code on this screen opens the record there, once, for a short while. */
import { button, fill, make, notice } from "../elements.js";
import { getSession, openParty } from "../network.js";
import { digestOfRecord, liveOperations } from "../visits.js";
import { sayMoment } from "../words.js";

/* A part of the screen that fetches the code and waits; the answer comes with the next contact. */
export function ownPhonePart(app, visit) {
  const told = make("div", { "aria-live": "polite" });
  const go = button(app.say("own-phone-open"), async () => {
    go.disabled = true;
    fill(told, await code(app, visit));
    go.disabled = false;
  }, { look: "outline-primary", symbol: "phone" });
  return make("div", {}, make("p", { class: "soft" }, app.say("own-phone-about")), go, told);
}

async function code(app, visit) {
  // the platform shows the record there, so all that was done here must have arrived
  if (liveOperations(app.store, visit.id).length || app.sync.state === "offline") { return notice("warning", null, app.say("own-phone-first")); }
  try {
    const { csrf } = await getSession();
    const found = await openParty(app.user.device, visit.id, digestOfRecord(app.store, app.store.visit(visit.id) || visit), csrf);
    app.sync.soon(20_000);
    return make("div", { class: "field-code" }, make("img", { src: found.qr, alt: app.say("own-phone-code") }),
      make("p", {}, app.say("own-phone-until", { moment: sayMoment(app.language, found.expires_at) })), make("p", { class: "digest" }, found.url));
  } catch (trouble) {
    return notice("danger", null, app.name(trouble) || app.say(trouble.kind === "offline" ? "sync-offline" : "sync-busy"));
  }
}
