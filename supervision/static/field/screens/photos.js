/* Photos and files of an item or a check point: taking them, seeing them, taking them away. */
import { addOperation } from "../changes.js";
import { badge, button, fill, icon, make } from "../elements.js";
import { tidy } from "../entries.js";
import { attach, previewAddress } from "../photos.js";
import { attachmentsOf } from "../visits.js";

const TONES = { kept: "warning", sending: "info", waiting: "warning", sent: "success", applied: "success", conflict: "danger", refused: "danger" };

/* The part of a screen for photos; `point` is a check point or null for the whole item. */
export function photosPart(app, screen, { point, about = null }) {
  const list = make("ul", { class: "field-photos" });
  const status = make("p", { class: "field-error", hidden: true, "aria-live": "assertive" });
  const camera = picker(app, screen, { point, status, capture: true });
  const file = point ? null : picker(app, screen, { point, status, capture: false });
  const label = point ? app.say("point-photos", { no: point.no }) : app.say("photos");
  const element = make("div", { class: point ? "field-point-photos" : "panel", role: "group", "aria-label": label },
    point ? null : make("h2", {}, label), point ? null : make("p", { class: "soft" }, about || app.say("photos-about")), list,
    screen.writable ? make("div", { class: "field-photo-buttons" }, camera, file) : null, status);
  let last = "";
  const refresh = () => {
    const found = attachmentsOf(app.store, screen.visit, screen.item ? screen.item.id : null).filter((one) => (one.point ?? null) === (point ? point.id : null));
    const now = JSON.stringify(found.map((one) => [one.id, one.state]));
    if (now === last) { return; }
    last = now;
    fill(list, found.map((one, i) => photo(app, screen, one, i + 1)));
    element.hidden = !screen.writable && !found.length;
  };
  refresh();
  return { element, refresh };
}

function picker(app, screen, { point, status, capture }) {
  const id = `${capture ? "camera" : "file"}-${point ? point.id : "item"}`;
  const input = make("input", { type: "file", class: "visually-hidden", id, accept: capture ? "image/*" : "image/*,application/pdf", capture: capture ? "environment" : null, multiple: !capture });
  input.addEventListener("change", async () => {
    const files = [...input.files];
    input.value = "";
    status.hidden = false;
    fill(status, app.say("photo-keeping"));
    const wrong = await keepAll(app, screen, files, point);
    status.hidden = !wrong;
    fill(status, wrong ? [icon("exclamation-circle-fill"), app.say(wrong)] : []);
    if (!wrong) { app.announce("photo-kept"); }
  });
  return make("span", { class: "field-picker" }, input, make("label", { for: id, class: `btn btn-outline-${capture ? "primary" : "secondary"}` }, icon(capture ? "camera" : "paperclip"), app.say(capture ? "take-photo" : "choose-file")));
}

async function keepAll(app, screen, files, point) {
  for (const file of files) {
    const purpose = file.type.startsWith("image/") ? "photo" : "document";
    try {
      const where = { section: screen.section?.id ?? null, item: screen.item?.id ?? null, point: point ? point.id : null, purpose };
      const done = await attach(app.store, screen.visit, file, where);
      if (typeof done === "string") { return done; }
      if (point && point.kind === "photo") { screen.taken(point); }
    } catch {
      return "file-failed";
    }
  }
  return null;
}

function photo(app, screen, one, no) {
  const name = app.say("photo-caption", { no });
  const frame = make("div", { class: "field-photo-frame" }, icon(one.type && !one.type.startsWith("image/") ? "file-earmark-text" : "camera"));
  previewAddress(app.store, one.file).then((address) => {
    if (!address) { return; }
    screen.urls = [...(screen.urls || []), address];
    fill(frame, make("img", { src: address, alt: name }));
  });
  return make("li", {}, frame, make("div", { class: "field-photo-about" }, make("span", {}, name), badge(app.say(`state-${one.state}`), TONES[one.state] || "neutral"),
    screen.writable ? removal(app, screen, one, name) : null));
}

/* Taking a photo away asks why; the original stays on file. */
function removal(app, screen, one, name) {
  const reason = make("input", { class: "form-control", type: "text", maxlength: "500", "aria-label": app.say("photo-remove-why"), value: app.say("photo-removed-default") });
  const gone = () => {
    addOperation(app.store, screen.visit, "detach", { attachment: one.id, reason: tidy(reason.value, 500) || app.say("photo-removed-default") });
    screen.changed("files");
  };
  const ask = make("div", { hidden: true, class: "field-photo-ask" }, make("span", { class: "soft" }, app.say("photo-remove-why")), reason,
    button(app.say("photo-remove-yes"), gone, { look: "outline-danger" }));
  const open = button(app.say("photo-remove"), () => { ask.hidden = false; open.hidden = true; reason.focus(); }, { look: "link", "aria-label": `${app.say("photo-remove")} ${name}` });
  return make("div", {}, open, ask);
}
