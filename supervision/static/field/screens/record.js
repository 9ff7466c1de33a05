/* The whole record as whoever signs it reads it: where and when, how it went, every answer, samples, photos. */
import { facts, fill, icon, make } from "../elements.js";
import { previewAddress } from "../photos.js";
import { allAttachments, liveOperations, stageOf } from "../visits.js";
import { sayLent, sayMoment } from "../words.js";
import { summary } from "./section.js";

/* The pieces of the record; `urls` collects addresses to give back when the screen is left. */
export function recordParts(app, visit, urls = []) {
  const stage = stageOf(app.store, visit);
  const outcome = app.store.package.outcomes.find((one) => one.code === stage.outcome.code);
  const said = [outcome ? app.name(outcome) : "—", stage.outcome.note].filter(Boolean).join(" · ");
  return [
    make("section", { class: "panel" }, make("h2", {}, visit.entity.name), facts([
      [app.say("credit-code"), visit.entity.unit_id], [app.say("address"), visit.entity.address || app.say("none-recorded")],
      [app.say("arrived-at"), arrival(app, visit)], [app.say("team"), visit.team.map((mate) => `${mate.name} (${[mate.certificate, sayLent(app.language, mate)].filter(Boolean).join(" · ")})`).join("、")],
      [app.say("outcome"), said]])),
    ...visit.sections.map((section) => summary(app, visit, section, { open: true })),
    samplesPart(app, visit), photosPart(app, visit, urls),
  ];
}

function arrival(app, visit) {
  const here = liveOperations(app.store, visit.id, "arrive").pop();
  const moment = visit.visited_at || here?.operation.made_at;
  return moment ? sayMoment(app.language, moment) : null;
}

/* Samples are recorded on the platform; what the phone knows of them is part of what is signed. */
function samplesPart(app, visit) {
  if (!visit.samples?.length) { return null; }
  return make("section", { class: "panel", "aria-labelledby": "samples-title" }, make("h2", { id: "samples-title" }, app.say("samples")),
    make("ol", {}, visit.samples.map((one) => make("li", { value: one.number }, make("strong", {}, `${one.what} · ${one.amount}`),
      make("span", { class: "soft d-block" }, [one.sealed ? app.say("sample-sealed", { number: one.seal_number }) : app.say("sample-open"), app.say("sample-to", { whom: one.given_to })].join(" · "))))));
}

function photosPart(app, visit, urls) {
  const found = allAttachments(app.store, visit);
  if (!found.length) { return null; }
  const items = new Map(visit.sections.flatMap((section) => section.items).map((item) => [item.id, item]));
  return make("section", { class: "panel", "aria-labelledby": "photos-title" }, make("h2", { id: "photos-title" }, app.say("photos")),
    make("ul", { class: "field-photos" }, found.map((one, i) => photo(app, visit, one, { no: i + 1, item: items.get(one.item), urls }))));
}

function photo(app, visit, one, { no, item, urls }) {
  const name = app.say("photo-caption", { no });
  const plain = icon(one.type && !one.type.startsWith("image/") ? "file-earmark-text" : "camera");
  const frame = make("div", { class: "field-photo-frame" }, plain);
  const show = (src) => fill(frame, make("img", { src, alt: name, on: { error: () => fill(frame, plain) } }));
  previewAddress(app.store, one.file).then((address) => {
    if (address) { urls.push(address); show(address); return; }
    // a colleague took it: with signal the platform shows it
    if (navigator.onLine && one.complete && one.type?.startsWith("image/")) { show(`${document.body.dataset.visits}${visit.id}/evidence/${one.id}/thumb.jpg`); }
  });
  return make("li", {}, frame, make("div", { class: "field-photo-about" }, make("span", {}, name), item ? make("span", { class: "soft" }, app.name(item)) : null,
    one.caption ? make("span", {}, one.caption) : null, make("span", { class: "digest" }, `${one.file.slice(0, 16)}…`)));
}
