/* A check point: its question, the answer, guidance behind a fold, a remark, photos. */
import { badge, fold, icon, make } from "../elements.js";
import { pointFailed, readNumber } from "../rules.js";
import { photosPart } from "./photos.js";

/* Big buttons of which one can be chosen. */
export function choice({ name, legend, options, value, look = "", chosen, marks = null, describe = null }) {
  return make("fieldset", { class: "field", "aria-describedby": describe }, make("legend", {}, legend, marks),
    make("div", { class: `field-choice ${look}` }, options.map(([code, text], i) => {
      const id = `${name}-${i}`;
      const input = make("input", { type: "radio", name, id, value: code, checked: value === code, on: { change: () => chosen(code) } });
      return make("div", { class: `field-option option-${look ? code : "plain"}` }, input, make("label", { for: id }, text));
    })));
}

/* A check point of an item; `screen` takes the changes. */
export function pointPart(app, screen, point) {
  const answer = screen.entry.answers.find((one) => one.point === point.id) || { value: "", note: "" };
  const wrong = make("p", { class: "field-error", hidden: true, id: `point-${point.id}-wrong`, "aria-live": "polite" });
  const panel = make("div", { class: "panel field-point", id: `point-${point.id}` });
  const update = (entry) => {
    const { value } = entry.answers.find((one) => one.point === point.id) || { value: "" };
    const failed = pointFailed(point, value);
    const unreadable = point.kind === "number" && value !== "" && value !== "na" && readNumber(value) === null;
    panel.classList.toggle("is-failed", failed);
    if (wrong.hidden === (failed || unreadable)) {
      wrong.hidden = !(failed || unreadable);
      wrong.replaceChildren(...(wrong.hidden ? [] : [icon("exclamation-circle-fill"), app.say(unreadable ? "not-number" : (point.kind === "number" ? "beyond" : "not-met"))]));
    }
  };
  screen.parts.push(update);
  panel.append(answerPart(app, screen, point, answer), wrong, ...extras(app, screen, point, answer));
  update(screen.entry);
  return panel;
}

function marksOf(app, point) {
  return [point.veto ? badge(app.say("decisive"), "danger", "exclamation-octagon-fill") : null,
    point.photo || point.kind === "photo" ? badge(app.say("photo-needed"), "info", "camera") : null].filter(Boolean)
    .map((mark) => make("span", { class: "field-mark" }, " ", mark));
}

function answerPart(app, screen, point, answer) {
  const legend = `${point.no}. ${app.name(point)}`;
  const [name, marks] = [`a${point.id}`, marksOf(app, point)];
  const put = (value) => screen.answer(point.id, { value });
  if (point.kind === "yes_no") {
    return choice({ name, legend, marks, look: "three", value: answer.value, chosen: put, options: [["yes", app.say("yes")], ["no", app.say("no")], ["na", app.say("na")]] });
  }
  if (point.kind === "photo") {
    return choice({ name, legend, marks, look: "two", value: answer.value, chosen: put, options: [["yes", app.say("photo-taken")], ["na", app.say("na")]] });
  }
  if (point.kind === "choice") {
    return choice({ name, legend, marks, value: answer.value, chosen: put, options: point.options.map((option) => [option.value, app.name(option) || option.value]) });
  }
  return point.kind === "number" ? numberPart(app, point, { answer, legend, marks, put }) : textPart(point, { answer, legend, marks, put });
}

function textPart(point, { answer, legend, marks, put }) {
  const area = make("textarea", { class: "form-control", rows: "2", maxlength: "500", id: `a${point.id}`, on: { input: ({ target }) => put(target.value) } });
  area.value = answer.value;
  return make("div", { class: "field" }, make("label", { for: `a${point.id}` }, legend, marks), area);
}

function numberPart(app, point, { answer, legend, marks, put }) {
  const id = `a${point.id}`;
  const input = make("input", { class: "form-control", type: "text", inputmode: "decimal", maxlength: "20", id, autocomplete: "off",
    "aria-describedby": `${id}-limits point-${point.id}-wrong`, value: answer.value === "na" ? "" : answer.value, on: { input: ({ target }) => {
      none.checked = false;
      put(target.value);
    } } });
  const none = make("input", { type: "checkbox", id: `${id}-na`, checked: answer.value === "na", on: { change: ({ target }) => {
    input.value = "";
    put(target.checked ? "na" : "");
  } } });
  return make("div", { class: "field" }, make("label", { for: id }, legend, marks),
    make("div", { class: "field-measure" }, input, make("span", { class: "field-unit" }, app.name(point, "unit") || point.unit || ""),
      make("div", { class: "field-option option-na" }, none, make("label", { for: `${id}-na` }, app.say("na")))),
    make("div", { class: "form-text", id: `${id}-limits` }, limits(app, point)));
}

function limits(app, point) {
  const facts = { least: point.minimum, most: point.maximum, unit: app.name(point, "unit") || point.unit || "" };
  const has = (limit) => limit !== "" && limit !== null && limit !== undefined;
  if (has(point.minimum) && has(point.maximum)) { return app.say("limits-both", facts); }
  return has(point.minimum) ? app.say("limits-least", facts) : (has(point.maximum) ? app.say("limits-most", facts) : "");
}

function guidance(app, point) {
  const text = app.name(point, "guidance");
  return text || point.clause ? fold(app.say("guidance"), [text ? make("p", {}, text) : null, point.clause ? make("p", { class: "soft" }, point.clause) : null]) : null;
}

function extras(app, screen, point, answer) {
  const photos = photosPart(app, screen, { point });
  const before = screen.photoParts || [];
  screen.photoParts = [...before, photos];
  const note = make("input", { class: "form-control", type: "text", maxlength: "500", "aria-label": app.say("remark-on", { no: point.no }),
    value: answer.note, on: { input: ({ target }) => screen.answer(point.id, { note: target.value }) } });
  return [make("div", { class: "field-extras" }, guidance(app, point), fold(app.say("remark"), note, { open: Boolean(answer.note) })), photos.element];
}
